//! What travels about booklets.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::booklet;
use entity::values::{BookletState, Certification, Outcome};
use migration::fold::fold;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use super::board::dto::Summary;
use super::rules::effective_state;
use crate::booklet::appointments::dto::Appointment;
use crate::booklet::contracts::dto::Contract;
use crate::booklet::members::dto::Person;
use crate::kit::external_references::{ExternalReference, ExternalReferences};
use crate::kit::{Included, Meta};
use crate::people::candidates::dto::Candidate;

/// A booklet: one candidate's way to a certification, with a tutor.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Booklet {
    #[serde(flatten)]
    meta: Meta,
    /// The organization that runs it.
    organization_id: Uuid,
    /// Candidat.
    candidate_id: Uuid,
    /// Accompagnateur, the main one.
    tutor_id: Uuid,
    /// Prescripteur, who referred the candidate and sees milestones.
    prescriber_id: Option<Uuid>,
    /// Certificateur, who sees milestones.
    validator_id: Option<Uuid>,
    /// Objectifs du livret (§01).
    purpose: String,
    /// The certification aimed at.
    certification: Option<Certification>,
    /// Its state: active while a contract is in force.
    state: BookletState,
    /// Why it is suspended.
    #[schema(max_length = 2000)]
    suspension_reason: Option<String>,
    /// Why it was last reopened.
    #[schema(max_length = 2000)]
    reopening_reason: Option<String>,
    /// The day it was opened.
    opened_on: NaiveDate,
    /// The day it should close.
    target_closing_on: Option<NaiveDate>,
    /// The day it was closed or withdrawn.
    closed_on: Option<NaiveDate>,
    /// When that was written here (UTC).
    closed_at: Option<DateTime<Utc>>,
    /// Why it was closed or withdrawn.
    #[schema(max_length = 2000)]
    closure_reason: Option<String>,
    /// What the jury granted.
    outcome: Option<Outcome>,
    /// When it was archived (UTC).
    archived_at: Option<DateTime<Utc>>,
    /// What other systems call it.
    #[schema(max_items = 20)]
    external_references: Vec<ExternalReference>,
    /// Candidat; with `include=candidate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Candidate>)]
    pub(super) candidate: Included<Candidate>,
    /// Accompagnateur, the main one; with `include=tutor`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Person>)]
    pub(super) tutor: Included<Person>,
    /// The contract in force; with `include=current_contract`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Contract>, no_recursion)]
    pub(super) current_contract: Included<Contract>,
    /// The planned appointment to come first; with `include=next_appointment`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Appointment>, no_recursion)]
    pub(super) next_appointment: Included<Appointment>,
    /// What a list shows of it at a glance; with `include=summary`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Summary>)]
    pub(super) summary: Included<Summary>,
}

impl Booklet {
    /// The booklet as it stands on this day.
    pub(crate) fn on(
        today: NaiveDate,
        row: booklet::Model,
        references: ExternalReferences,
    ) -> Self {
        Self {
            meta: (&row).into(),
            state: effective_state(&row, today),
            organization_id: row.organization_id,
            candidate_id: row.candidate_id,
            tutor_id: row.tutor_id,
            prescriber_id: row.prescriber_id,
            validator_id: row.validator_id,
            purpose: row.purpose,
            certification: row.certification,
            suspension_reason: row.suspension_reason,
            reopening_reason: row.reopening_reason,
            opened_on: row.opened_on,
            target_closing_on: row.target_closing_on,
            closed_on: row.closed_on,
            closed_at: row.closed_at,
            closure_reason: row.closure_reason,
            outcome: row.outcome,
            archived_at: row.archived_at,
            external_references: references.into_iter().collect(),
            candidate: None,
            tutor: None,
            current_contract: None,
            next_appointment: None,
            summary: None,
        }
    }
}

/// A booklet to open.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"candidate_id": "$lucas.candidate", "tutor_id": "$lea", "certification": {"label": "CAP Agent de propreté et d'hygiène", "rncp_code": "38399"}}))]
pub(crate) struct BookletInput {
    /// Candidat.
    pub(super) candidate_id: Uuid,
    /// Accompagnateur: a user of role tutor, or a coordinator who tutors.
    pub(crate) tutor_id: Uuid,
    /// Prescripteur: a user of role prescriber.
    #[serde(default)]
    pub(super) prescriber_id: Option<Uuid>,
    /// Certificateur: a user of role validator.
    #[serde(default)]
    pub(super) validator_id: Option<Uuid>,
    /// Objectifs du livret (§01). Default: the shipped text.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 10000)]
    pub(super) purpose: Option<String>,
    /// The certification aimed at.
    #[serde(default)]
    pub(super) certification: Option<Certification>,
    /// The day it opens. Default: today.
    #[serde(default)]
    pub(crate) opened_on: Option<NaiveDate>,
    /// The day it should close.
    #[serde(default)]
    pub(crate) target_closing_on: Option<NaiveDate>,
    /// What other systems call it.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(super) external_references: BTreeSet<ExternalReference>,
}

impl BookletInput {
    /// The booklet as it could be opened now.
    pub(crate) fn of(row: &booklet::Model, references: ExternalReferences) -> Self {
        Self {
            candidate_id: row.candidate_id,
            tutor_id: row.tutor_id,
            prescriber_id: row.prescriber_id,
            validator_id: row.validator_id,
            purpose: Some(row.purpose.clone()),
            certification: row.certification.clone(),
            opened_on: Some(row.opened_on),
            target_closing_on: row.target_closing_on,
            external_references: references,
        }
    }

    /// Over this booklet: what would have a default when it is opened stays as it is.
    pub(crate) fn over(self, row: &booklet::Model) -> Self {
        Self {
            purpose: self.purpose.or_else(|| Some(row.purpose.clone())),
            opened_on: self.opened_on.or(Some(row.opened_on)),
            ..self
        }
    }

    /// What it changes of this booklet.
    pub(crate) fn into_edit(self, row: &booklet::Model) -> BookletEdit {
        BookletEdit {
            tutor_id: self.tutor_id,
            prescriber_id: self.prescriber_id,
            validator_id: self.validator_id,
            purpose: self.purpose.unwrap_or_else(|| row.purpose.clone()),
            certification: self.certification,
            target_closing_on: self.target_closing_on,
            external_references: self.external_references,
        }
    }
}

/// What may change about a booklet. Its people and its external references are set by
/// coordinators and integrations alone.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"target_closing_on": "2035-06-30"}))]
pub(crate) struct BookletEdit {
    /// Accompagnateur, the main one: the former's membership ends, the new one's begins.
    pub(crate) tutor_id: Uuid,
    /// Prescripteur.
    pub(crate) prescriber_id: Option<Uuid>,
    /// Certificateur.
    pub(crate) validator_id: Option<Uuid>,
    /// Objectifs du livret (§01).
    #[schema(min_length = 1, max_length = 10000)]
    pub(crate) purpose: String,
    /// The certification aimed at.
    pub(crate) certification: Option<Certification>,
    /// The day it should close.
    pub(crate) target_closing_on: Option<NaiveDate>,
    /// What other systems call it; the list is replaced whole. Not by tutors.
    #[schema(max_items = 20)]
    pub(super) external_references: BTreeSet<ExternalReference>,
}

impl BookletEdit {
    /// The editable fields as they are now.
    pub(super) fn of(row: &booklet::Model, references: ExternalReferences) -> Self {
        Self {
            tutor_id: row.tutor_id,
            prescriber_id: row.prescriber_id,
            validator_id: row.validator_id,
            purpose: row.purpose.clone(),
            certification: row.certification.clone(),
            target_closing_on: row.target_closing_on,
            external_references: references,
        }
    }
}

/// What a booklet is searched in besides its candidate.
pub(crate) fn searched(certification: Option<&Certification>) -> String {
    let words = certification.map(|of| {
        let more = [&of.rncp_code, &of.certifier_name].into_iter().flatten();
        let words: Vec<&str> = [&of.label]
            .into_iter()
            .chain(more)
            .map(|word| &**word)
            .collect();
        fold(&words.join(" "))
    });
    words.unwrap_or_default()
}

impl From<BookletEdit> for booklet::ActiveModel {
    fn from(edit: BookletEdit) -> Self {
        Self {
            tutor_id: Set(edit.tutor_id),
            prescriber_id: Set(edit.prescriber_id),
            validator_id: Set(edit.validator_id),
            purpose: Set(edit.purpose),
            search: Set(searched(edit.certification.as_ref())),
            certification: Set(edit.certification),
            target_closing_on: Set(edit.target_closing_on),
            ..Default::default()
        }
    }
}
