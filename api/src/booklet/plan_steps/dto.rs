//! What travels about plan steps.

use chrono::NaiveDate;
use entity::plan_step;
use entity::values::{Activity, Grouping, PlanTemplateRow, StepState};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::{Validate, ValidationErrors};

use super::rules;
use crate::kit::{Ctx, Fault, FaultCode, Meta, Warning, dates_in_order};

/// A step of the plan (§05: Objectif / Étape / Durée / Modalité).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanStep {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// Its place in the plan, from 1.
    #[schema(minimum = 1, maximum = 200)]
    position: i32,
    /// Objectif.
    objective: String,
    /// Étape.
    label: String,
    /// Modalité: interview or workshop.
    activity: Activity,
    /// Modalité: individual, collective or either.
    grouping: Grouping,
    /// Durée, in minutes.
    duration_minutes: Option<i32>,
    /// First day planned.
    planned_from: Option<NaiveDate>,
    /// Last day planned.
    planned_to: Option<NaiveDate>,
    /// The day it was done; null unless `state` is `done`.
    done_on: Option<NaiveDate>,
    /// How far it has come.
    state: StepState,
    /// Why the real dates differ from the planned ones (§02: the candidate explains gaps).
    variance_reason: Option<String>,
    /// Code of the VAE stage it belongs to (§06).
    #[schema(max_length = 40)]
    vae_stage: Option<String>,
    /// Whether it was done after its last day planned.
    is_late: bool,
    /// Whether it is still open, and its last day planned is over where the organization is.
    overdue: bool,
    /// What is to be put right: `variance_reason_missing` when it is late without a reason.
    #[schema(max_items = 10)]
    warnings: Vec<Warning>,
}

impl PlanStep {
    /// The step as this reader is shown it, today.
    pub(crate) fn shown(row: &plan_step::Model, ctx: &Ctx) -> Self {
        let unexplained = rules::is_late(row) && row.variance_reason.is_none();
        let warning = Fault::new("", FaultCode::VarianceReasonMissing);
        Self {
            meta: row.into(),
            booklet_id: row.booklet_id,
            position: row.position,
            objective: row.objective.clone(),
            label: row.label.clone(),
            activity: row.activity,
            grouping: row.grouping,
            duration_minutes: row.duration_minutes,
            planned_from: row.planned_from,
            planned_to: row.planned_to,
            done_on: row.done_on,
            state: row.state,
            variance_reason: row.variance_reason.clone(),
            vae_stage: row.vae_stage.clone(),
            is_late: rules::is_late(row),
            overdue: rules::is_overdue(row, ctx.today),
            warnings: unexplained
                .then(|| warning.warning(ctx.locale))
                .into_iter()
                .collect(),
        }
    }
}

/// What is written about a step.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"objective": "Adopter la posture attendue par le jury", "label": "Entraînement à la soutenance", "activity": "workshop", "grouping": "individual", "duration_minutes": 120, "planned_from": "2026-12-01", "planned_to": "2026-12-15", "vae_stage": "jury"}))]
pub(crate) struct PlanStepInput {
    /// Objectif.
    #[schema(min_length = 1, max_length = 2000)]
    objective: String,
    /// Étape.
    #[schema(min_length = 1, max_length = 2000)]
    label: String,
    /// Modalité: interview or workshop.
    activity: Activity,
    /// Modalité: individual, collective or either.
    grouping: Grouping,
    /// Durée, in minutes.
    #[serde(default)]
    #[schema(minimum = 5, maximum = 10080)]
    duration_minutes: Option<i32>,
    /// First day planned.
    #[serde(default)]
    planned_from: Option<NaiveDate>,
    /// Last day planned; not before the first.
    #[serde(default)]
    planned_to: Option<NaiveDate>,
    /// The day it was done. Default: today, once `state` is `done`; given alone, it makes the step
    /// `done`; in the other states it becomes null.
    #[serde(default)]
    pub(super) done_on: Option<NaiveDate>,
    /// How far it has come. Default: `planned`.
    #[serde(default = "planned")]
    pub(super) state: StepState,
    /// Why the real dates differ from the planned ones; expected when it is done late.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    variance_reason: Option<String>,
    /// Code of the VAE stage it belongs to (§06).
    #[serde(default)]
    #[schema(pattern = "^[a-z_]{2,40}$", max_length = 40)]
    pub(super) vae_stage: Option<String>,
    /// Its place in the plan, from 1; the others make way. Default: the last.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 200)]
    pub(super) position: Option<i32>,
}

fn planned() -> StepState {
    StepState::Planned
}

impl Validate for PlanStepInput {
    fn validate(&self) -> Result<(), ValidationErrors> {
        dates_in_order(self.planned_from, self.planned_to, "planned_to")
    }
}

impl From<&plan_step::Model> for PlanStepInput {
    fn from(row: &plan_step::Model) -> Self {
        Self {
            objective: row.objective.clone(),
            label: row.label.clone(),
            activity: row.activity,
            grouping: row.grouping,
            duration_minutes: row.duration_minutes,
            planned_from: row.planned_from,
            planned_to: row.planned_to,
            done_on: row.done_on,
            state: row.state,
            variance_reason: row.variance_reason.clone(),
            vae_stage: row.vae_stage.clone(),
            position: Some(row.position),
        }
    }
}

impl From<PlanTemplateRow> for PlanStepInput {
    fn from(row: PlanTemplateRow) -> Self {
        Self {
            objective: row.objective,
            label: row.label,
            activity: row.activity,
            grouping: row.grouping,
            duration_minutes: row.duration_minutes,
            planned_from: None,
            planned_to: None,
            done_on: None,
            state: planned(),
            variance_reason: None,
            vae_stage: row.vae_stage,
            position: None,
        }
    }
}

impl From<PlanStepInput> for plan_step::ActiveModel {
    /// All but the place, which the plan decides.
    fn from(input: PlanStepInput) -> Self {
        Self {
            objective: Set(input.objective),
            label: Set(input.label),
            activity: Set(input.activity),
            grouping: Set(input.grouping),
            duration_minutes: Set(input.duration_minutes),
            planned_from: Set(input.planned_from),
            planned_to: Set(input.planned_to),
            done_on: Set(input.done_on),
            state: Set(input.state),
            variance_reason: Set(input.variance_reason),
            vae_stage: Set(input.vae_stage),
            ..Default::default()
        }
    }
}

/// New dates for a step, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"planned_from": "2027-01-11", "planned_to": "2027-01-22", "variance_reason": "Arrêt maladie en décembre"}))]
pub(crate) struct Postponement {
    /// First day planned now.
    pub(super) planned_from: NaiveDate,
    /// Last day planned now; not before the first.
    pub(super) planned_to: NaiveDate,
    /// Why it is put off.
    #[schema(min_length = 1, max_length = 2000)]
    pub(super) variance_reason: String,
}

impl Validate for Postponement {
    fn validate(&self) -> Result<(), ValidationErrors> {
        dates_in_order(Some(self.planned_from), Some(self.planned_to), "planned_to")
    }
}

/// The template to start from.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(crate) struct TemplateChoice {
    /// The template. Default: the organization's most recent one, else the shipped generic plan.
    #[serde(default)]
    pub(super) template_id: Option<Uuid>,
}

/// The steps in their new order.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ids": ["$malik.workshop", "$malik.interview"]}))]
pub(crate) struct StepOrder {
    /// The ids of all steps of the plan, each exactly once.
    #[schema(max_items = 200)]
    pub(crate) ids: Vec<Uuid>,
}
