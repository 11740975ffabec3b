//! Since when there was no contact with a candidate: kept with the booklet, so that those who have
//! waited longest are found without a look into each.

use chrono::{DateTime, NaiveDate, Utc};
use entity::values::AppointmentState;
use entity::{appointment, booklet, follow_up};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::kit::{Result, Tx};

/// Keeps it, when there is another contact with the candidate of this locked booklet, on this day. The
/// booklet's version stays.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn noted(tx: &Tx, booklet: &booklet::Model, on: Option<NaiveDate>) -> Result<()> {
    let last = on.map_or(booklet.quiet_since, |day| day.max(booklet.quiet_since));
    keep(tx, booklet, last).await
}

/// The same, when the contact of this id is moved from one day to another or taken back, whether that
/// is written yet or not.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn moved(
    tx: &Tx,
    booklet: &booklet::Model,
    id: Uuid,
    before: Option<NaiveDate>,
    after: Option<NaiveDate>,
) -> Result<()> {
    if before == after || before.is_none_or(|day| day < booklet.quiet_since) {
        return noted(tx, booklet, after).await;
    }
    let others = last(tx, booklet, id).await?;
    let last = after.map_or(others, |day| day.max(others));
    keep(tx, booklet, last).await
}

async fn keep(tx: &Tx, booklet: &booklet::Model, last: NaiveDate) -> Result<()> {
    if last != booklet.quiet_since {
        booklet::Entity::update_many()
            .col_expr(booklet::Column::QuietSince, Expr::value(last))
            .filter(booklet::Column::Id.eq(booklet.id))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

/// The day of this appointment, if it was a contact.
pub(crate) fn day_if_held(tx: &Tx, appointment: &appointment::Model) -> Option<NaiveDate> {
    let is_held = appointment.state == AppointmentState::Held;
    is_held.then(|| day(tx, appointment.starts_at))
}

fn day(tx: &Tx, at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&tx.actor.timezone).date_naive()
}

/// The day of the last contact but this one, or the opening day.
async fn last(tx: &Tx, booklet: &booklet::Model, but: Uuid) -> Result<NaiveDate> {
    let follow_ups = Query::select()
        .expr(follow_up::Column::ContactedOn.max())
        .from(follow_up::Entity)
        .and_where(follow_up::Column::BookletId.eq(booklet.id))
        .and_where(follow_up::Column::Id.ne(but))
        .to_owned();
    let held = Query::select()
        .expr(appointment::Column::StartsAt.max())
        .from(appointment::Entity)
        .and_where(appointment::Column::BookletId.eq(booklet.id))
        .and_where(appointment::Column::Id.ne(but))
        .and_where(appointment::Column::State.eq(AppointmentState::Held))
        .to_owned();
    let both = Query::select()
        .expr_as(within(follow_ups), "followed")
        .expr_as(within(held), "held")
        .to_owned();
    let Some(row) = tx.db().query_one(&both).await? else {
        return Ok(booklet.opened_on);
    };
    let followed: Option<NaiveDate> = row.try_get("", "followed")?;
    let held: Option<DateTime<Utc>> = row.try_get("", "held")?;
    let days = [followed, held.map(|at| day(tx, at))];
    let last = days.into_iter().flatten().max();
    Ok(last.map_or(booklet.opened_on, |day| day.max(booklet.opened_on)))
}

fn within(query: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(query.into()))
}
