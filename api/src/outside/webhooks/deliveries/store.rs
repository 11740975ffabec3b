//! Which deliveries a caller reaches, how they begin, and how they end without an attempt.

use chrono::{DateTime, TimeDelta, Utc};
use entity::event;
use entity::values::DeliveryState;
use entity::webhook_delivery::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryTrait, Select, Set};
use uuid::Uuid;

use crate::kit::scope::of_organizations;
use crate::kit::{Ctx, Listed, Result, Scoped, Sorts, new_id};
use crate::outside::webhooks::message::of_event;

/// For how long a delivery is tried.
pub(crate) const PATIENCE: TimeDelta = TimeDelta::hours(72);
/// For how long it is known what became of it.
const MEMORY: TimeDelta = TimeDelta::days(30);

impl Scoped for Entity {
    fn scope(ctx: &Ctx) -> Condition {
        of_organizations::<Self>(ctx)
    }
}

impl Listed for Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", Column::CreatedAt),
        ("updated_at", Column::UpdatedAt),
    ];
}

/// The deliveries of a webhook that the caller may read, in this state if one is named.
pub(super) fn of_webhook(
    ctx: &Ctx,
    webhook_id: Uuid,
    state: Option<DeliveryState>,
) -> Select<Entity> {
    ctx.select::<Entity>()
        .filter(Column::WebhookId.eq(webhook_id))
        .apply_if(state, |query, state| query.filter(Column::State.eq(state)))
}

/// A change to deliver.
///
/// # Errors
/// Never.
pub(crate) fn of_change(
    webhook_id: Uuid,
    organization_id: Uuid,
    event: event::Model,
    now: DateTime<Utc>,
) -> Result<ActiveModel> {
    Ok(ActiveModel {
        id: Set(new_id()),
        organization_id: Set(organization_id),
        position: Set(event.position),
        occurred_at: Set(event.at),
        kind: Set(event.kind.clone()),
        booklet_id: Set(event.booklet_id),
        traceparent: Set(event.traceparent.clone()),
        body: Set(of_event(event)?),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        ..begun(webhook_id, now)
    })
}

/// A test to deliver.
pub(crate) fn of_ping(webhook_id: Uuid, body: String, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        position: Set(None),
        occurred_at: Set(now),
        kind: Set("webhook.ping".to_owned()),
        booklet_id: Set(None),
        body: Set(body),
        ..begun(webhook_id, now)
    }
}

fn begun(webhook_id: Uuid, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        webhook_id: Set(webhook_id),
        last_status: Set(None),
        last_error: Set(None),
        last_duration_ms: Set(None),
        last_attempt_at: Set(None),
        delivered_at: Set(None),
        ..pending(now)
    }
}

/// Due at once, and tried for three days.
pub(super) fn pending(now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        state: Set(DeliveryState::Pending),
        attempts: Set(0),
        next_attempt_at: Set(now),
        give_up_at: Set(now + PATIENCE),
        ..Default::default()
    }
}

/// Passes over what waits for an endpoint.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn skip_pending(
    db: &impl ConnectionTrait,
    webhook_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    let skipped = ActiveModel {
        state: Set(DeliveryState::Skipped),
        ..Default::default()
    };
    change_pending(db, webhook_id, skipped, now).await
}

/// What waits for an endpoint is due now, and tried for three days anew.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn renew_pending(
    db: &impl ConnectionTrait,
    webhook_id: Uuid,
    now: DateTime<Utc>,
) -> Result<()> {
    change_pending(db, webhook_id, pending(now), now).await
}

async fn change_pending(
    db: &impl ConnectionTrait,
    webhook_id: Uuid,
    change: ActiveModel,
    now: DateTime<Utc>,
) -> Result<()> {
    Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::WebhookId.eq(webhook_id))
        .filter(Column::State.eq(DeliveryState::Pending))
        .exec(db)
        .await?;
    Ok(())
}

/// Forgets what became of old ones.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn forget_old(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<()> {
    Entity::delete_many()
        .filter(Column::UpdatedAt.lt(now - MEMORY))
        .filter(Column::State.ne(DeliveryState::Pending))
        .exec(db)
        .await?;
    Ok(())
}
