//! Which appointments a caller reaches, and the filters of their list.

use std::collections::HashMap;

use entity::appointment::{ActiveModel, Column, Entity, Model};
use entity::values::AppointmentState;
use entity::{action_sheet, booklet, plan_step};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, Set,
};
use uuid::Uuid;

use super::dto::{AgendaFilter, Appointment, AppointmentFilter};
use crate::booklet::sheet_items::rules::editable;
use crate::booklet::sheet_items::store::{move_settled_items, sheet_about};
use crate::kit::ctx::day_of;
use crate::kit::{
    BookletPage, Code, Ctx, Event, FaultCode, Listed, Problem, Result, Several, Sorts, Tx,
};

impl BookletPage for Entity {}

impl Listed for Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", Column::CreatedAt),
        ("updated_at", Column::UpdatedAt),
        ("starts_at", Column::StartsAt),
    ];
}

pub(super) fn list(ctx: &Ctx, filter: &AppointmentFilter) -> Select<Entity> {
    ctx.select::<Entity>()
        .apply_if(filter.from, |query, instant| {
            query.filter(Column::StartsAt.gte(instant))
        })
        .apply_if(filter.to, |query, instant| {
            query.filter(Column::StartsAt.lte(instant))
        })
        .apply_if(filter.state.as_ref(), |query, Several(states)| {
            query.filter(Column::State.is_in(states.iter().copied()))
        })
}

/// Those of all booklets. The tutor is asked of each in turn, so that the list is read in its order.
pub(super) fn agenda(
    ctx: &Ctx,
    filter: &AppointmentFilter,
    whose: &AgendaFilter,
) -> Select<Entity> {
    list(ctx, filter).apply_if(whose.tutor_id.as_ref(), |query, Several(ids)| {
        let tutor = Query::select()
            .column(booklet::Column::TutorId)
            .from(booklet::Entity)
            .and_where(
                Expr::col((booklet::Entity, booklet::Column::Id))
                    .equals((Entity, Column::BookletId)),
            )
            .to_owned();
        query.filter(Expr::SubQuery(None, Box::new(tutor.into())).is_in(ids.iter().copied()))
    })
}

/// Those of one booklet.
pub(super) fn of_booklet(ctx: &Ctx, id: Uuid, filter: &AppointmentFilter) -> Select<Entity> {
    list(ctx, filter).filter(Column::BookletId.eq(id))
}

/// The next planned appointments of these booklets, by the booklets' ids.
pub(crate) async fn next_of(ctx: &Ctx, booklets: &[Uuid]) -> Result<HashMap<Uuid, Appointment>> {
    let to_come = |query: &mut SelectStatement| {
        query
            .and_where(Column::BookletId.is_in(booklets.iter().copied()))
            .and_where(Column::State.eq(AppointmentState::Planned))
            .and_where(Column::StartsAt.gte(ctx.now));
    };
    let first = Query::select()
        .column(Column::BookletId)
        .expr(Column::StartsAt.min())
        .from(Entity)
        .apply(to_come)
        .group_by_col(Column::BookletId)
        .to_owned();
    let place = [Column::BookletId, Column::StartsAt].map(|column| Expr::col((Entity, column)));
    let mut rows = ctx.select::<Entity>().order_by_desc(Column::Id);
    to_come(QuerySelect::query(&mut rows));
    let rows = rows
        .filter(Expr::tuple(place).in_subquery(first))
        .all(ctx.state.db.reader())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.booklet_id, row.into()))
        .collect())
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

/// Cancels what is still planned in a booklet that ends.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn cancel_planned(tx: &mut Tx, booklet: &booklet::Model) -> Result<()> {
    let planned = tx
        .all_of::<Entity>()
        .filter(Column::BookletId.eq(booklet.id))
        .filter(Column::State.eq(AppointmentState::Planned))
        .order_by_asc(Column::Id)
        .all(tx.db())
        .await?;
    for before in planned {
        let cancelled = ActiveModel {
            state: Set(AppointmentState::Cancelled),
            sequence: Set(before.sequence + 1),
            ..Default::default()
        };
        let row = tx.update(&before, cancelled).await?;
        tx.record(Event::updated(&row, vec!["state".to_owned()]));
    }
    Ok(())
}

/// An appointment has another day: so has its sheet, as long as it is a draft.
///
/// # Errors
/// 409 when both have agreed to the sheet, or one has.
pub(super) async fn move_sheet(tx: &mut Tx, before: &Model, after: &Model) -> Result<()> {
    let day = day_of(after.starts_at, &after.timezone);
    if day == day_of(before.starts_at, &before.timezone) {
        return Ok(());
    }
    let Some(sheet) = sheet_about(tx, after.id).await? else {
        return Ok(());
    };
    editable(sheet.state)?;
    let moved = action_sheet::ActiveModel {
        appointment_on: Set(day),
        ..Default::default()
    };
    let sheet = tx.update(&sheet, moved).await?;
    move_settled_items(tx, &sheet, day).await?;
    tx.record(Event::updated(&sheet, vec!["appointment_on".to_owned()]));
    Ok(())
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
