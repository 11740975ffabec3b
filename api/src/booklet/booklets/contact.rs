//! Since when there was no contact with a candidate: kept with the booklet, so that those who have
//! waited longest are found without a look into each.

use chrono::{DateTime, NaiveDate, Utc};
use entity::values::AppointmentState;
use entity::{appointment, booklet, follow_up};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::kit::{Result, Tx};

/// Reckons it anew, after a follow-up or a held appointment of this locked booklet was written: the day
/// of the last one, or the opening day. The booklet's version stays.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn reckon(tx: &Tx, booklet: &booklet::Model) -> Result<()> {
    let follow_ups = Query::select()
        .expr(follow_up::Column::ContactedOn.max())
        .from(follow_up::Entity)
        .and_where(follow_up::Column::BookletId.eq(booklet.id))
        .to_owned();
    let held = Query::select()
        .expr(appointment::Column::StartsAt.max())
        .from(appointment::Entity)
        .and_where(appointment::Column::BookletId.eq(booklet.id))
        .and_where(appointment::Column::State.eq(AppointmentState::Held))
        .to_owned();
    let both = Query::select()
        .expr_as(within(follow_ups), "followed")
        .expr_as(within(held), "held")
        .to_owned();
    let Some(row) = tx.db().query_one(&both).await? else {
        return Ok(());
    };
    let followed: Option<NaiveDate> = row.try_get("", "followed")?;
    let held: Option<DateTime<Utc>> = row.try_get("", "held")?;
    let held = held.map(|at| at.with_timezone(&tx.actor.timezone).date_naive());
    let days = [Some(booklet.opened_on), followed, held];
    let last = days.into_iter().flatten().max();
    let last = last.unwrap_or(booklet.opened_on);
    if last != booklet.quiet_since {
        booklet::Entity::update_many()
            .col_expr(booklet::Column::QuietSince, Expr::value(last))
            .filter(booklet::Column::Id.eq(booklet.id))
            .exec(tx.db())
            .await?;
    }
    Ok(())
}

fn within(query: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(query.into()))
}
