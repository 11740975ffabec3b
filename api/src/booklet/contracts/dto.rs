//! What travels about contracts.

use chrono::{DateTime, NaiveDate, Utc};
use entity::values::{ContractState, Party, SignatureMethod, Texts};
use entity::{contract, signature};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::rules::effective_state;
use crate::booklet::booklets::dto::Booklet;
use crate::kit::{Included, Meta};
use crate::reference::contract_templates::dto::Commitment;

/// Contrat pédagogique (§02): a moral commitment of candidate and tutor, without legal value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Contract {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// Its place among the booklet's contracts, from 1.
    #[schema(minimum = 1)]
    number: i32,
    /// The contract that this one replaces, or is to replace.
    supersedes_id: Option<Uuid>,
    /// State; `ended` from the day after `ends_on`.
    state: ContractState,
    /// Préambule.
    preamble: String,
    /// Engagements du candidat.
    #[schema(value_type = Vec<Commitment>)]
    candidate_commitments: Texts,
    /// Engagements de l'accompagnateur.
    #[schema(value_type = Vec<Commitment>)]
    tutor_commitments: Texts,
    /// Nos engagements pour vous accompagner (§03).
    pledge: String,
    /// First day of the support.
    starts_on: NaiveDate,
    /// Jusqu'au … : last day of the support.
    ends_on: NaiveDate,
    /// Hash of the content (SHA-256 of its canonical JSON), from `proposed` on. See the proof.
    #[schema(pattern = "^[0-9a-f]{64}$", max_length = 64)]
    content_sha256: Option<String>,
    /// The candidate's name when the contract was proposed.
    #[schema(max_length = 401)]
    candidate_name: Option<String>,
    /// The tutor's name when the contract was proposed.
    #[schema(max_length = 401)]
    tutor_name: Option<String>,
    /// The organization's name when the contract was proposed.
    #[schema(max_length = 200)]
    organization_name: Option<String>,
    /// The tutor who is party to it: the booklet's main tutor when it was proposed.
    tutor_id: Option<Uuid>,
    /// When it was proposed (UTC).
    proposed_at: Option<DateTime<Utc>>,
    /// Day of the termination.
    terminated_on: Option<NaiveDate>,
    /// When the termination was written here (UTC).
    terminated_at: Option<DateTime<Utc>>,
    /// Motif de résiliation.
    #[schema(max_length = 2000)]
    termination_reason: Option<String>,
    /// Signatures du candidat et de l'accompagnateur, in the order they were written here.
    #[schema(max_items = 2)]
    signatures: Vec<Signature>,
    /// The booklet; with `include=booklet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Booklet>, no_recursion)]
    pub(super) booklet: Included<Booklet>,
}

impl Contract {
    /// The contract as it stands on this day, with those of the signatures that are its own.
    pub(super) fn shown(
        row: contract::Model,
        signatures: &[signature::Model],
        today: NaiveDate,
    ) -> Self {
        Self {
            meta: (&row).into(),
            booklet: None,
            state: effective_state(&row, today),
            signatures: signatures
                .iter()
                .filter(|signature| signature.contract_id == row.id)
                .map(Signature::from)
                .collect(),
            booklet_id: row.booklet_id,
            number: row.number,
            supersedes_id: row.supersedes_id,
            preamble: row.preamble,
            candidate_commitments: row.candidate_commitments,
            tutor_commitments: row.tutor_commitments,
            pledge: row.pledge,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            content_sha256: row.content_sha256,
            candidate_name: row.candidate_name,
            tutor_name: row.tutor_name,
            organization_name: row.organization_name,
            tutor_id: row.tutor_id,
            proposed_at: row.proposed_at,
            terminated_on: row.terminated_on,
            terminated_at: row.terminated_at,
            termination_reason: row.termination_reason,
        }
    }
}

/// A signature: fait à (place), le (date).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Signature {
    /// Whose it is.
    party: Party,
    /// The user who signed; null for a candidate without account.
    signer_id: Option<Uuid>,
    /// The user who wrote it here: the signer, or on paper the tutor or the coordinator.
    recorded_by: Uuid,
    /// The signer's name, as in the contract.
    #[schema(max_length = 401)]
    signer_name: String,
    /// Fait à.
    #[schema(max_length = 200)]
    place: String,
    /// Le …: the day on the paper, which may be long before `signed_at`; null for a click, and for papers written here
    /// before this day was asked for.
    signed_on: Option<NaiveDate>,
    /// When it was written here (UTC): for a click, when it was given.
    signed_at: DateTime<Utc>,
    /// How it was given.
    method: SignatureMethod,
    /// Hash of what was signed.
    #[schema(pattern = "^[0-9a-f]{64}$", max_length = 64)]
    content_sha256: String,
}

impl From<&signature::Model> for Signature {
    fn from(row: &signature::Model) -> Self {
        Self {
            party: row.party,
            signer_id: row.signer_id,
            recorded_by: row.recorded_by,
            signer_name: row.signer_name.clone(),
            place: row.place.clone(),
            signed_on: row.signed_on,
            signed_at: row.signed_at,
            method: row.method,
            content_sha256: row.content_sha256.clone(),
        }
    }
}

/// A contract to draw up. Its texts are copied, never linked.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ends_on": "2035-06-30"}))]
pub(crate) struct ContractInput {
    /// First day of the support. Default: today.
    #[serde(default)]
    pub(super) starts_on: Option<NaiveDate>,
    /// Jusqu'au … : last day of the support.
    pub(super) ends_on: NaiveDate,
    /// The template to copy. Default: the organization's most recent one, else the shipped one.
    #[serde(default)]
    pub(super) template_id: Option<Uuid>,
    /// The pledge to copy. Default: the organization's most recent one, else the shipped one.
    #[serde(default)]
    pub(super) pledge_id: Option<Uuid>,
}

/// What may change about a draft.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"candidate_commitments": ["Je m'engage à porter mon projet.", "Je m'engage à vous prévenir à l'avance quand je ne suis pas disponible."]}))]
pub(crate) struct ContractEdit {
    /// Préambule.
    #[schema(max_length = 10000)]
    preamble: String,
    /// Engagements du candidat.
    #[schema(max_items = 50, value_type = Vec<Commitment>)]
    candidate_commitments: Texts,
    /// Engagements de l'accompagnateur.
    #[schema(max_items = 50, value_type = Vec<Commitment>)]
    tutor_commitments: Texts,
    /// Nos engagements pour vous accompagner (§03).
    #[schema(max_length = 10000)]
    pledge: String,
    /// First day of the support.
    pub(super) starts_on: NaiveDate,
    /// Jusqu'au … : last day of the support.
    pub(super) ends_on: NaiveDate,
}

impl From<&contract::Model> for ContractEdit {
    fn from(row: &contract::Model) -> Self {
        Self {
            preamble: row.preamble.clone(),
            candidate_commitments: row.candidate_commitments.clone(),
            tutor_commitments: row.tutor_commitments.clone(),
            pledge: row.pledge.clone(),
            starts_on: row.starts_on,
            ends_on: row.ends_on,
        }
    }
}

impl From<ContractEdit> for contract::ActiveModel {
    fn from(edit: ContractEdit) -> Self {
        Self {
            preamble: Set(edit.preamble),
            candidate_commitments: Set(edit.candidate_commitments),
            tutor_commitments: Set(edit.tutor_commitments),
            pledge: Set(edit.pledge),
            starts_on: Set(edit.starts_on),
            ends_on: Set(edit.ends_on),
            ..Default::default()
        }
    }
}

/// One's own signature, or one given on paper.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"place": "Toulouse"}))]
pub(crate) struct SignatureInput {
    /// Fait à.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) place: String,
    /// Whose signature on paper it is; only with `paper`.
    #[serde(default)]
    pub(super) party: Option<Party>,
    /// `paper` records a signature given on paper. Default: `click`.
    #[serde(default = "by_click")]
    pub(super) method: SignatureMethod,
    /// Le …: the day on the paper, today or before, even before the proposal; only with `paper`. Default: today.
    #[serde(default)]
    pub(super) signed_on: Option<NaiveDate>,
    /// The hash of what is signed, as the contract showed it: in the place of `If-Match`, and unlike
    /// a version the same after the other party has signed.
    #[serde(default)]
    #[schema(pattern = "^[0-9a-f]{64}$", max_length = 64)]
    pub(super) content_sha256: Option<String>,
}

fn by_click() -> SignatureMethod {
    SignatureMethod::Click
}

/// Why a contract is terminated, and since when.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "La candidate déménage et poursuit avec un autre organisme."}))]
pub(crate) struct Termination {
    /// Motif de résiliation.
    #[schema(min_length = 1, max_length = 2000)]
    pub(super) reason: String,
    /// The day of the termination, today or before, but not before the last signature. Default: today.
    #[serde(default)]
    pub(super) terminated_on: Option<NaiveDate>,
}

/// What was signed, for anybody to check.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Proof {
    /// The content as canonical JSON (RFC 8785): its SHA-256 is `content_sha256`.
    #[schema(max_length = 1048576)]
    pub(super) canonical: String,
    /// 64 lower-case hexadecimal digits.
    #[schema(pattern = "^[0-9a-f]{64}$", max_length = 64)]
    pub(super) content_sha256: String,
    /// The signatures, each with the hash of what was signed.
    #[schema(max_items = 2)]
    pub(super) signatures: Vec<Signature>,
}

/// Which contracts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ContractFilter {
    /// Only those in this state.
    pub(super) state: Option<ContractState>,
}
