//! Leases deliveries that are due to this instance, as many as it has slots for.

use chrono::{DateTime, TimeDelta, Utc};
use entity::values::{DeliveryState, WebhookState};
use entity::webhook;
use entity::webhook_delivery::{Column, Entity, Model};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::slots::{Slot, Slots};
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::Result;

/// How long a lease lasts: longer than an attempt.
const LEASE: TimeDelta = TimeDelta::minutes(1);

/// A delivery that this instance holds a lease on, and the slot that it takes.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) delivery: Model,
    pub(super) webhook: webhook::Model,
    pub(super) slot: Slot,
}

/// Leases what is due, as far as there are slots.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn due(state: &State, slots: &mut Slots) -> Result<Vec<Taken>> {
    let now = state.clock.now();
    let mut taken = Vec::new();
    let waiting = waiting(state, now).await?;
    for webhook in slots.in_turn(waiting, |webhook| webhook.id) {
        let is_failing = webhook.failing_since.is_some();
        let slot = slots.slot(webhook.organization_id, webhook.id, is_failing);
        let free = slots.free(slot);
        if free == 0 {
            continue;
        }
        for delivery in lease(state, &webhook, free, now).await? {
            slots.enter(slot);
            taken.push(Taken {
                delivery,
                webhook: webhook.clone(),
                slot,
            });
        }
    }
    Ok(taken)
}

/// The webhooks that something is due for, in the order of their ids.
async fn waiting(state: &State, now: DateTime<Utc>) -> Result<Vec<webhook::Model>> {
    let something = Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(
            Expr::col((Entity, Column::WebhookId))
                .eq(Expr::col((webhook::Entity, webhook::Column::Id))),
        )
        .cond_where(is_due(now))
        .to_owned();
    let is_free = Condition::any()
        .add(webhook::Column::HeldUntil.is_null())
        .add(webhook::Column::HeldUntil.lte(now));
    Ok(unscoped::rows::<webhook::Entity>()
        .filter(webhook::Column::State.eq(WebhookState::Active))
        .filter(is_free)
        .filter(Expr::exists(something))
        .order_by_asc(webhook::Column::Id)
        .all(state.db.reader())
        .await?)
}

fn is_due(now: DateTime<Utc>) -> Condition {
    let column = |column: Column| Expr::col((Entity, column));
    Condition::all()
        .add(column(Column::State).eq(DeliveryState::Pending))
        .add(column(Column::NextAttemptAt).lte(now))
}

/// Takes some deliveries of this endpoint, the oldest first. Those that another instance is just
/// taking are passed over, not waited for.
async fn lease(
    state: &State,
    webhook: &webhook::Model,
    at_most: usize,
    now: DateTime<Utc>,
) -> Result<Vec<Model>> {
    let txn = state.db.begin().await?;
    let due = unscoped::rows::<Entity>()
        .filter(Column::WebhookId.eq(webhook.id))
        .filter(is_due(now))
        .order_by_asc(Column::NextAttemptAt)
        .order_by_asc(Column::Position)
        .limit(at_most as u64)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(&txn)
        .await?;
    if due.is_empty() {
        return Ok(due);
    }
    let mut leased = Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::NextAttemptAt, Expr::value(now + LEASE))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.is_in(due.iter().map(|delivery| delivery.id)))
        .exec_with_returning(&txn)
        .await?;
    txn.commit().await?;
    leased.sort_by_key(|delivery| delivery.position);
    Ok(leased)
}
