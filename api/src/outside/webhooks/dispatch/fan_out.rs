//! From the change feed to deliveries: each webhook follows the feed of its organization.

use entity::values::{DeliveryState, WebhookState};
use entity::webhook_delivery::{ActiveModel, Column as Delivery};
use entity::{event, feed, webhook, webhook_delivery};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::Result;
use crate::outside::changes::store::{Wanted, after};
use crate::outside::webhooks::deliveries::store::of_change;
use crate::outside::webhooks::topics::{Topic, wants};

/// How many changes at a time.
const BATCH: u64 = 500;
/// How many deliveries may wait for one endpoint. Beyond, it follows the feed no further until some
/// have left: what waits there takes no room, and does not get lost.
const MOST_WAITING: u64 = 1000;

/// Makes the deliveries of all webhooks that the feed is ahead of. Whether there are more to make.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn all(state: &State) -> Result<bool> {
    let mut is_more = false;
    for webhook in behind(state).await? {
        is_more |= one(state, &webhook).await?;
    }
    Ok(is_more)
}

/// The active webhooks that something happened for, or for others of their organization.
async fn behind(state: &State) -> Result<Vec<webhook::Model>> {
    let organization = || Expr::col((webhook::Entity, webhook::Column::OrganizationId));
    let is_ahead = Query::select()
        .expr(Expr::val(1))
        .from(feed::Entity)
        .and_where(Expr::col((feed::Entity, feed::Column::OrganizationId)).eq(organization()))
        .and_where(
            Expr::col((feed::Entity, feed::Column::LastPosition))
                .gt(Expr::col((webhook::Entity, webhook::Column::Position))),
        )
        .to_owned();
    let is_unplaced = Query::select()
        .expr(Expr::val(1))
        .from(event::Entity)
        .and_where(Expr::col((event::Entity, event::Column::OrganizationId)).eq(organization()))
        .and_where(event::Column::Position.is_null())
        .to_owned();
    let found = unscoped::rows::<webhook::Entity>()
        .filter(webhook::Column::State.eq(WebhookState::Active))
        .filter(
            Condition::any()
                .add(Expr::exists(is_ahead))
                .add(Expr::exists(is_unplaced)),
        )
        .order_by_asc(webhook::Column::Id)
        .all(state.db.reader())
        .await?;
    Ok(found)
}

async fn one(state: &State, webhook: &webhook::Model) -> Result<bool> {
    if is_full(state, webhook).await? {
        return Ok(false);
    }
    let wanted = Wanted {
        organization_id: webhook.organization_id,
        ..Wanted::default()
    };
    let found = after(state, &wanted, webhook.position, BATCH).await?;
    if found.next == webhook.position {
        return Ok(false);
    }
    let is_full = found.events.len() as u64 == BATCH;
    let topics = Topic::read(&webhook.topics);
    let now = state.clock.now();
    let deliveries: Result<Vec<ActiveModel>> = found
        .events
        .into_iter()
        .filter(|event| wants(&topics, &event.kind))
        .map(|event| of_change(webhook.id, webhook.organization_id, event, now))
        .collect();
    let deliveries = deliveries?;
    let txn = state.db.begin().await?;
    // Of two instances one finds the place that it read.
    let moved = webhook::Entity::update_many()
        .col_expr(webhook::Column::Position, Expr::value(found.next))
        .filter(webhook::Column::Id.eq(webhook.id))
        .filter(webhook::Column::Position.eq(webhook.position))
        .filter(webhook::Column::State.eq(WebhookState::Active))
        .exec(&txn)
        .await?;
    if moved.rows_affected == 0 {
        return Ok(false);
    }
    if !deliveries.is_empty() {
        webhook_delivery::Entity::insert_many(deliveries)
            .on_conflict_do_nothing_on([Delivery::WebhookId, Delivery::Position])
            .exec_without_returning(&txn)
            .await?;
    }
    txn.commit().await?;
    Ok(is_full)
}

/// Whether as much waits as may.
async fn is_full(state: &State, webhook: &webhook::Model) -> Result<bool> {
    let beyond = unscoped::rows::<webhook_delivery::Entity>()
        .select_only()
        .column(Delivery::Id)
        .filter(Delivery::WebhookId.eq(webhook.id))
        .filter(Delivery::State.eq(DeliveryState::Pending))
        .offset(MOST_WAITING - 1)
        .limit(1)
        .into_tuple::<uuid::Uuid>()
        .one(state.db.reader())
        .await?;
    Ok(beyond.is_some())
}
