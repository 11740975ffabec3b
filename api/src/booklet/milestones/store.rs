//! The states and dates of booklets' pages: a fixed number of queries, however many booklets.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::values::Role;
use entity::{
    Row, action_sheet, appointment, booklet, contract, event, follow_up, plan, plan_step,
    signature, stage_progress, vae_stage,
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, ModelTrait, QueryFilter, QueryOrder,
    QuerySelect, RelationDef, Select,
};
use uuid::Uuid;

use super::dto::{
    AppointmentMilestone, ContractMilestone, FollowUpMilestone, Milestones, PlanMilestone,
    SheetMilestone, SignatureMilestone, StageMilestone, StepMilestone,
};
use crate::booklet::booklets;
use crate::booklet::contracts::rules::effective_state;
use crate::foundation::policy::{Action, Resource};
use crate::foundation::unscoped;
use crate::kit::{Ctx, Listed, Result, Sorts};
use crate::people::names;

/// The list of milestones: one line per booklet. They have no version of their own, so when one
/// changed is told by the events of what it shows.
#[derive(Debug)]
pub(super) struct MilestonesList;

impl Listed for MilestonesList {
    type Entity = booklet::Entity;
    const SORTS: Sorts<booklet::Entity> = &[
        ("created_at", booklet::Column::CreatedAt),
        ("opened_on", booklet::Column::OpenedOn),
    ];

    fn changed_since(instant: DateTime<Utc>) -> Condition {
        let shown = [
            booklet::Model::NAME,
            contract::Model::NAME,
            plan::Model::NAME,
            plan_step::Model::NAME,
            stage_progress::Model::NAME,
            appointment::Model::NAME,
            action_sheet::Model::NAME,
            follow_up::Model::NAME,
        ];
        let this = Expr::col((event::Entity, event::Column::BookletId))
            .equals((booklet::Entity, booklet::Column::Id));
        // Asked booklet by booklet: what others have is not read.
        let changed = Query::select()
            .expr(Expr::value(1))
            .from(event::Entity)
            .and_where(this)
            .and_where(event::Column::At.gte(instant))
            .and_where(event::Column::Resource.is_in(shown))
            .to_owned();
        Condition::any()
            .add(booklet::Column::UpdatedAt.gte(instant))
            .add(Expr::exists(changed))
    }
}

/// Reads the milestones of these booklets, in the same order.
pub(super) async fn read(ctx: &Ctx, booklets: Vec<booklet::Model>) -> Result<Vec<Milestones>> {
    let (db, today) = (ctx.state.db.reader(), ctx.today);
    // Who referred a candidate, or will judge them, is told whose booklet it is.
    let is_told =
        ctx.actor.role != Role::Integration || ctx.also(Resource::Candidates, Action::Read).is_ok();
    let people = booklets.iter().filter(|_| is_told);
    let people = people.flat_map(|booklet| [booklet.candidate_id, booklet.tutor_id]);
    let people = names::of(ctx, people).await?;
    let ids: Vec<Uuid> = booklets.iter().map(|booklet| booklet.id).collect();
    let contracts = pages(&ids, contract::Column::BookletId).order_by_asc(contract::Column::Number);
    let signatures = pages(&ids, signature::Column::BookletId).order_by_asc(signature::Column::Id);
    let mut signatures = grouped(db, signatures, |row| (row.contract_id, row.into())).await?;
    let mut contracts = grouped(db, contracts, |row| {
        let signatures = signatures.remove(&row.id).unwrap_or_default();
        (row.booklet_id, contract_milestone(&row, signatures, today))
    })
    .await?;
    let mut plans = grouped(db, pages(&ids, plan::Column::BookletId), |row| {
        (row.booklet_id, row.into())
    })
    .await?;
    let steps = pages(&ids, plan_step::Column::BookletId).order_by_asc(plan_step::Column::Position);
    let mut steps = grouped(db, steps, |row| (row.booklet_id, row.into())).await?;
    let stages = pages(&ids, stage_progress::Column::BookletId)
        .join(JoinType::InnerJoin, reference())
        .order_by_asc(vae_stage::Column::Position);
    let mut stages = grouped(db, stages, |row| (row.booklet_id, row.into())).await?;
    let appointments =
        pages(&ids, appointment::Column::BookletId).order_by_asc(appointment::Column::StartsAt);
    let mut appointments = grouped(db, appointments, |row| (row.booklet_id, row.into())).await?;
    let sheets =
        pages(&ids, action_sheet::Column::BookletId).order_by_asc(action_sheet::Column::Number);
    let mut sheets = grouped(db, sheets, |row| (row.booklet_id, row.into())).await?;
    let follow_ups =
        pages(&ids, follow_up::Column::BookletId).order_by_asc(follow_up::Column::ContactedOn);
    let mut follow_ups = grouped(db, follow_ups, |row| (row.booklet_id, row.into())).await?;

    Ok(booklets
        .into_iter()
        .map(|booklet| Milestones {
            booklet_id: booklet.id,
            candidate: people.get(&booklet.candidate_id).cloned(),
            tutor: people.get(&booklet.tutor_id).cloned(),
            state: booklets::effective_state(&booklet, today),
            opened_on: booklet.opened_on,
            target_closing_on: booklet.target_closing_on,
            closed_on: booklet.closed_on,
            closed_at: booklet.closed_at,
            outcome: booklet.outcome,
            contracts: contracts.remove(&booklet.id).unwrap_or_default(),
            plan: plans.remove(&booklet.id).unwrap_or_default().pop(),
            plan_steps: steps.remove(&booklet.id).unwrap_or_default(),
            stages: stages.remove(&booklet.id).unwrap_or_default(),
            appointments: appointments.remove(&booklet.id).unwrap_or_default(),
            action_sheets: sheets.remove(&booklet.id).unwrap_or_default(),
            follow_ups: follow_ups.remove(&booklet.id).unwrap_or_default(),
            rncp_code: booklet
                .certification
                .and_then(|certification| certification.rncp_code),
        })
        .collect())
}

fn pages<C: ColumnTrait>(ids: &[Uuid], booklet_id: C) -> Select<C::EntityName>
where
    C::EntityName: EntityTrait,
{
    // The booklets themselves were within reach.
    unscoped::rows::<C::EntityName>().filter(booklet_id.is_in(ids.iter().copied()))
}

async fn grouped<E: EntityTrait, T>(
    db: &impl ConnectionTrait,
    query: Select<E>,
    show: impl FnMut(E::Model) -> (Uuid, T),
) -> Result<HashMap<Uuid, Vec<T>>>
where
    E::Model: ModelTrait,
{
    let mut found: HashMap<Uuid, Vec<T>> = HashMap::new();
    for (whose, milestone) in query.all(db).await?.into_iter().map(show) {
        found.entry(whose).or_default().push(milestone);
    }
    Ok(found)
}

/// The order of the stages is that of the reference.
fn reference() -> RelationDef {
    stage_progress::Entity::belongs_to(vae_stage::Entity)
        .from(stage_progress::Column::Code)
        .to(vae_stage::Column::Code)
        .into()
}

fn contract_milestone(
    row: &contract::Model,
    signatures: Vec<SignatureMilestone>,
    today: NaiveDate,
) -> ContractMilestone {
    ContractMilestone {
        number: row.number,
        state: effective_state(row, today),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        terminated_on: row.terminated_on,
        terminated_at: row.terminated_at,
        signatures,
    }
}

impl From<signature::Model> for SignatureMilestone {
    fn from(row: signature::Model) -> Self {
        Self {
            party: row.party,
            method: row.method,
            signed_on: row.signed_on,
            signed_at: row.signed_at,
        }
    }
}

impl From<plan::Model> for PlanMilestone {
    fn from(row: plan::Model) -> Self {
        Self {
            state: row.state,
            agreed_by_candidate_at: row.agreed_by_candidate_at,
            agreed_by_tutor_at: row.agreed_by_tutor_at,
        }
    }
}

impl From<plan_step::Model> for StepMilestone {
    fn from(row: plan_step::Model) -> Self {
        Self {
            position: row.position,
            state: row.state,
            planned_from: row.planned_from,
            planned_to: row.planned_to,
            done_on: row.done_on,
        }
    }
}

impl From<stage_progress::Model> for StageMilestone {
    fn from(row: stage_progress::Model) -> Self {
        Self {
            code: row.code,
            state: row.state,
            started_on: row.started_on,
            completed_on: row.completed_on,
        }
    }
}

impl From<appointment::Model> for AppointmentMilestone {
    fn from(row: appointment::Model) -> Self {
        Self {
            starts_at: row.starts_at,
            state: row.state,
        }
    }
}

impl From<action_sheet::Model> for SheetMilestone {
    fn from(row: action_sheet::Model) -> Self {
        Self {
            number: row.number,
            state: row.state,
            appointment_on: row.appointment_on,
            next_appointment_on: row.next_appointment_on,
        }
    }
}

impl From<follow_up::Model> for FollowUpMilestone {
    fn from(row: follow_up::Model) -> Self {
        Self {
            contacted_on: row.contacted_on,
            contact_mode: row.contact_mode,
        }
    }
}
