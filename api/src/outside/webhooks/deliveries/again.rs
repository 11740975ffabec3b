//! Delivers again: one, or what happened in a period.

use chrono::{DateTime, Utc};
use entity::values::DeliveryState;
use entity::webhook_delivery::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::store::pending;
use crate::kit::{Result, Tx};
use crate::outside::webhooks::dto::{Redelivery, RedeliveryPeriod};

/// How many at a time.
const MOST: u64 = 10_000;

/// This one.
///
/// # Errors
/// 412 when it changed meanwhile.
pub(super) async fn one(tx: &Tx, delivery: &Model) -> Result<Model> {
    tx.update(delivery, pending(tx.now)).await
}

/// Those of a period that do not wait anyway, in the order of the feed.
///
/// # Errors
/// 503 when the database does not answer.
pub(in crate::outside::webhooks) async fn period(
    tx: &Tx,
    webhook_id: Uuid,
    (since, until): (DateTime<Utc>, DateTime<Utc>),
    wanted: &RedeliveryPeriod,
) -> Result<Redelivery> {
    let of_period = tx
        .all_of::<Entity>()
        .filter(Column::WebhookId.eq(webhook_id))
        .filter(Column::Position.gt(wanted.after.unwrap_or_default()))
        .filter(Column::OccurredAt.between(since, until))
        .filter(match wanted.failed_only {
            true => Column::State.eq(DeliveryState::Failed),
            false => Column::State.ne(DeliveryState::Pending),
        });
    let last: Option<i64> = of_period
        .clone()
        .select_only()
        .column(Column::Position)
        .order_by_asc(Column::Position)
        .offset(MOST - 1)
        .limit(1)
        .into_tuple()
        .one(tx.db())
        .await?;
    let up_to = last.unwrap_or(i64::MAX);
    let ids = of_period
        .select_only()
        .column(Column::Id)
        .filter(Column::Position.lte(up_to));
    let queued = Entity::update_many()
        .set(pending(tx.now))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now))
        .filter(Column::Id.in_subquery(sea_orm::QueryTrait::into_query(ids)))
        .exec(tx.db())
        .await?;
    Ok(Redelivery {
        queued: queued.rows_affected,
        next: last,
    })
}
