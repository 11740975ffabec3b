//! What travels about the plan.

use chrono::{DateTime, Utc};
use entity::values::{Party, PlanState};
use entity::{plan, plan_step};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::booklet::plan_steps::dto::PlanStep;
use crate::kit::{Ctx, Meta, Tagged};

/// The plan of a booklet (§05: « Plan d'accompagnement co-construit »).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Plan {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// `draft` until it is proposed, and again when its steps are edited.
    state: PlanState,
    /// Who proposed it; null while it is a draft.
    proposed_by: Option<Party>,
    /// When the candidate proposed or agreed it (UTC).
    agreed_by_candidate_at: Option<DateTime<Utc>>,
    /// When the tutor proposed or agreed it (UTC).
    agreed_by_tutor_at: Option<DateTime<Utc>>,
    /// Whether the tutor agreed for a candidate without account.
    on_behalf: bool,
    /// The template its steps were copied from.
    source_template_id: Option<Uuid>,
    /// Its steps, in order.
    #[schema(max_items = 200)]
    steps: Vec<PlanStep>,
}

impl Plan {
    /// The plan with its steps.
    pub(crate) fn of(row: &plan::Model, steps: &[plan_step::Model], ctx: &Ctx) -> Self {
        Self {
            meta: row.into(),
            booklet_id: row.booklet_id,
            state: row.state,
            proposed_by: row.proposed_by,
            agreed_by_candidate_at: row.agreed_by_candidate_at,
            agreed_by_tutor_at: row.agreed_by_tutor_at,
            on_behalf: row.on_behalf,
            source_template_id: row.source_template_id,
            steps: steps
                .iter()
                .map(|step| PlanStep::shown(step, ctx))
                .collect(),
        }
    }

    /// The same, with its version.
    pub(crate) fn tagged(row: &plan::Model, steps: &[plan_step::Model], ctx: &Ctx) -> Tagged<Self> {
        Tagged::with(row, Self::of(row, steps, ctx))
    }
}
