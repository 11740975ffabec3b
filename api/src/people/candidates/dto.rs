//! What travels about candidates.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use entity::candidate;
use entity::values::PreferredChannel;
use migration::fold::{person, sort_key};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::likeness::SimilarCandidate;
use crate::kit::Meta;
use crate::kit::external_references::{ExternalReference, ExternalReferences};

/// A person who seeks a certification from experience.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Candidate {
    #[serde(flatten)]
    meta: Meta,
    /// The organization.
    organization_id: Uuid,
    /// The account they sign in with, if they do.
    user_id: Option<Uuid>,
    /// Prénom.
    given_name: String,
    /// Nom.
    family_name: String,
    /// Date de naissance.
    birth_date: Option<NaiveDate>,
    /// Courriel.
    email: Option<String>,
    /// Téléphone.
    phone: Option<String>,
    /// How they prefer to be reached.
    preferred_channel: PreferredChannel,
    /// Besoins d'aménagement (situation de handicap).
    accessibility_needs: Option<String>,
    /// What other systems call them.
    #[schema(max_items = 20)]
    external_references: Vec<ExternalReference>,
    /// Who may be the same person, the likeliest first: in the answer that makes them alone, where there is somebody, and for
    /// those who may read candidates.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, max_items = 20, value_type = Vec<SimilarCandidate>)]
    pub(super) similar: Option<Vec<SimilarCandidate>>,
}

impl Candidate {
    /// The candidate with what other systems call them.
    pub(crate) fn of(row: candidate::Model, references: ExternalReferences) -> Self {
        Self {
            meta: (&row).into(),
            organization_id: row.organization_id,
            user_id: row.user_id,
            given_name: row.given_name,
            family_name: row.family_name,
            birth_date: row.birth_date,
            email: row.email,
            phone: row.phone,
            preferred_channel: row.preferred_channel,
            accessibility_needs: row.accessibility_needs,
            external_references: references.into_iter().collect(),
            similar: None,
        }
    }

    /// The same with those who may be the same person.
    pub(super) fn resembling(self, similar: Vec<SimilarCandidate>) -> Self {
        Self {
            similar: Some(similar).filter(|similar| !similar.is_empty()),
            ..self
        }
    }
}

/// What is written about a candidate.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"given_name": "Inès", "family_name": "Carpentier", "birth_date": "1987-04-12", "email": "ines.carpentier@courriel.example", "phone": "+33612345678", "preferred_channel": "sms"}))]
pub(crate) struct CandidateInput {
    /// The account they sign in with: of a user of role `candidate`, not linked to anybody else.
    /// Set by coordinators and integrations alone.
    #[serde(default)]
    pub(super) user_id: Option<Uuid>,
    /// Prénom.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) given_name: String,
    /// Nom.
    #[schema(min_length = 1, max_length = 200)]
    pub(super) family_name: String,
    /// Date de naissance.
    #[serde(default)]
    pub(crate) birth_date: Option<NaiveDate>,
    /// Courriel.
    #[serde(default)]
    #[validate(email)]
    #[schema(min_length = 3, max_length = 254)]
    pub(super) email: Option<String>,
    /// Téléphone. Kept in international form (E.164); one as people dial it in France or overseas
    /// (`06 12 34 56 78`) is understood.
    #[serde(default)]
    #[schema(max_length = 16, pattern = r"^\+[1-9]\d{6,14}$")]
    pub(super) phone: Option<String>,
    /// How they prefer to be reached. Default: `email`.
    #[serde(default = "by_email")]
    preferred_channel: PreferredChannel,
    /// Besoins d'aménagement (situation de handicap).
    #[serde(default)]
    #[schema(max_length = 2000)]
    accessibility_needs: Option<String>,
    /// What other systems call them; the list is replaced whole. Set by coordinators and
    /// integrations alone.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(super) external_references: BTreeSet<ExternalReference>,
}

fn by_email() -> PreferredChannel {
    PreferredChannel::Email
}

impl CandidateInput {
    /// The editable fields as they are now.
    pub(crate) fn of(row: &candidate::Model, references: ExternalReferences) -> Self {
        Self {
            user_id: row.user_id,
            given_name: row.given_name.clone(),
            family_name: row.family_name.clone(),
            birth_date: row.birth_date,
            email: row.email.clone(),
            phone: row.phone.clone(),
            preferred_channel: row.preferred_channel,
            accessibility_needs: row.accessibility_needs.clone(),
            external_references: references,
        }
    }

    /// The case of an e-mail address makes no difference.
    pub(crate) fn in_lower_case(self) -> Self {
        Self {
            email: self.email.map(|email| email.to_ascii_lowercase()),
            ..self
        }
    }
}

impl From<CandidateInput> for candidate::ActiveModel {
    fn from(input: CandidateInput) -> Self {
        let email = input.email.as_deref().unwrap_or_default();
        Self {
            sort_key: Set(sort_key(&format!(
                "{} {}",
                input.family_name, input.given_name
            ))),
            search: Set(person(&input.given_name, &input.family_name, email)),
            user_id: Set(input.user_id),
            given_name: Set(input.given_name),
            family_name: Set(input.family_name),
            birth_date: Set(input.birth_date),
            email: Set(input.email),
            phone: Set(input.phone),
            preferred_channel: Set(input.preferred_channel),
            accessibility_needs: Set(input.accessibility_needs),
            ..Default::default()
        }
    }
}

/// Who is the same person.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from": "$samira.double"}))]
pub(crate) struct Merge {
    /// The candidate that goes.
    pub(super) from: Uuid,
}

/// Which candidates.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CandidateFilter {
    /// Only those whose names or e-mail address hold these words; case, accents,
    /// hyphens and apostrophes make no difference.
    #[param(max_length = 200)]
    pub(super) q: Option<String>,
    /// Only the one who signs in with this account.
    pub(super) user_id: Option<Uuid>,
}
