//! Which appointments a caller reaches, and the filters of their list.

use entity::appointment::{Column, Entity, Model};
use entity::{action_sheet, booklet, plan_step};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryTrait, Select};
use uuid::Uuid;

use super::dto::AppointmentFilter;
use crate::kit::{BookletPage, Code, Ctx, FaultCode, Problem, Result, Tx};

impl BookletPage for Entity {}

pub(super) fn list(ctx: &Ctx, booklet_id: Uuid, filter: &AppointmentFilter) -> Select<Entity> {
    ctx.select::<Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.from, |query, instant| {
            query.filter(Column::StartsAt.gte(instant))
        })
        .apply_if(filter.to, |query, instant| {
            query.filter(Column::StartsAt.lte(instant))
        })
        .apply_if(filter.state, |query, state| {
            query.filter(Column::State.eq(state))
        })
}

/// Checks that the step belongs to the same booklet.
pub(super) async fn check_step(
    tx: &Tx,
    booklet: &booklet::Model,
    step_id: Option<Uuid>,
) -> Result<()> {
    let Some(id) = step_id else { return Ok(()) };
    let pointer = "/plan_step_id";
    let step = tx.named::<plan_step::Entity>(id, pointer).await?;
    if step.booklet_id == booklet.id {
        Ok(())
    } else {
        Err(Problem::fault(pointer, FaultCode::UnknownReference))
    }
}

/// Refuses to take an appointment away from the action sheet that is about it.
///
/// # Errors
/// 409 when there is one.
pub(super) async fn check_unused(tx: &Tx, appointment: &Model) -> Result<()> {
    let sheets = tx
        .all_of::<action_sheet::Entity>()
        .filter(action_sheet::Column::AppointmentId.eq(appointment.id))
        .count(tx.db())
        .await?;
    if sheets > 0 {
        return Err(Problem::new(Code::InUse));
    }
    Ok(())
}
