//! What else is done with a webhook: stop it, go on, try it, deliver again.

use actix_web::post;
use entity::values::{DisabledReason, WebhookState};
use entity::webhook;
use sea_orm::Set;

use super::deliveries::dto::WebhookDelivery;
use super::deliveries::{again, store as deliveries};
use super::dto::{Redelivery, RedeliveryPeriod, ResumeFrom, Webhook, WebhookResumption};
use super::message::{WebhookTest, WebhookTestData, text};
use super::routes::shown;
use super::rules;
use crate::kit::{
    Code, Created, Ctx, Event, Id, IfMatch, Json, Result, Routes, Tagged, Whole, verb,
};
use crate::outside::changes::store::latest;

pub(super) fn routes(api: &mut Routes) {
    api.service(disable_webhook)
        .service(enable_webhook)
        .service(ping_webhook)
        .service(redeliver_webhook);
}

/// Disable a webhook
///
/// Disables a webhook.
/// Nothing is sent until it is enabled again; nothing gets lost meanwhile.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.update"))),
    params(IfMatch),
    responses((status = 200, description = "The webhook, disabled", body = Webhook))
)]
#[post("/v1/webhooks/{id}/disable")]
async fn disable_webhook(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<Webhook>> {
    let tx = ctx.begin().await?;
    let row = tx.row::<webhook::Entity>(*id).await?;
    if_match.honour(&row)?;
    rules::is(&row, WebhookState::Active)?;
    let change = rules::disabled(DisabledReason::Asked, tx.now);
    let row = tx.update(&row, change).await?;
    let ctx = tx.commit(Event::new(&row, verb::Disabled)).await?;
    Ok(shown(&ctx, row))
}

/// Enable a webhook again
///
/// Enables a webhook again.
/// It goes on where it stopped, however long ago, or from now on. What had not been delivered when it
/// stopped is tried for three days anew, or passed over.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.update"))),
    params(IfMatch),
    request_body = Option<WebhookResumption>,
    responses((status = 200, description = "The webhook, active", body = Webhook))
)]
#[post("/v1/webhooks/{id}/enable")]
async fn enable_webhook(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<WebhookResumption>,
) -> Result<Tagged<Webhook>> {
    let mut change = rules::enabled();
    let is_from_now = body.resume == ResumeFrom::Now;
    if is_from_now {
        let organization_id = ctx.organization_id()?;
        change.position = Set(latest(&ctx.state, organization_id).await?);
    }
    let tx = ctx.begin().await?;
    let row = tx.row::<webhook::Entity>(*id).await?;
    if_match.honour(&row)?;
    rules::is(&row, WebhookState::Disabled)?;
    if is_from_now {
        deliveries::skip_pending(tx.db(), row.id, tx.now).await?;
    } else {
        deliveries::renew_pending(tx.db(), row.id, tx.now).await?;
    }
    let row = tx.update(&row, change).await?;
    let ctx = tx.commit(Event::new(&row, verb::Enabled)).await?;
    Ok(shown(&ctx, row))
}

/// Send a test message
///
/// Sends a test message to a webhook.
/// A message of the type `webhook.ping`, whatever the topics, which means nothing. It is delivered like
/// all others, within seconds: the delivery that is answered tells what became of it. A disabled webhook
/// is 409 `webhook_disabled`: enable it first.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.update"))),
    params(IfMatch),
    responses((status = 201, description = "The delivery, pending", body = WebhookDelivery))
)]
#[post("/v1/webhooks/{id}/ping")]
async fn ping_webhook(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Created<WebhookDelivery>> {
    let tx = ctx.begin().await?;
    let row = tx.row::<webhook::Entity>(*id).await?;
    if_match.honour(&row)?;
    rules::is(&row, WebhookState::Active)
        .map_err(|problem| problem.renamed(Code::InvalidTransition, Code::WebhookDisabled))?;
    let ping = WebhookTest {
        kind: "webhook.ping",
        timestamp: tx.now,
        data: WebhookTestData {
            webhook_id: row.id,
            sequence: None,
        },
    };
    let delivery = deliveries::of_ping(row.id, text(&ping)?, tx.now);
    let delivery = tx.insert(Some(row.organization_id), delivery).await?;
    tx.commit(Event::created(&delivery)).await?;
    Ok(Created::of(delivery))
}

/// Send a webhook's deliveries again
///
/// Sends a webhook's deliveries of a period again.
/// What happened then and stands in the log, 10,000 deliveries at most: `next` says where to go on. The
/// messages have the ids that they had, so that a receiver knows those that it has seen.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.update"))),
    params(IfMatch),
    responses((status = 200, description = "How much is delivered again", body = Redelivery))
)]
#[post("/v1/webhooks/{id}/redeliver")]
async fn redeliver_webhook(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<RedeliveryPeriod>,
) -> Result<Whole<Redelivery>> {
    let period = rules::period(body.since, body.until, ctx.now)?;
    let tx = ctx.begin().await?;
    let row = tx.row::<webhook::Entity>(*id).await?;
    if_match.honour(&row)?;
    let redelivery = again::period(&tx, row.id, period, &body).await?;
    tx.commit(Event::new(&row, verb::Redelivered)).await?;
    Ok(Whole(redelivery))
}
