//! Deliveries over HTTP.

use actix_web::{get, post, web};
use entity::{webhook, webhook_delivery};

use super::dto::{WebhookDelivery, WebhookDeliveryFilter};
use super::{again, store};
use crate::kit::{Ctx, Event, Id, IfMatch, Page, Paging, Result, Routes, Tagged, verb};

pub(in crate::outside::webhooks) fn routes(api: &mut Routes) {
    api.service(list_webhook_deliveries)
        .service(get_webhook_delivery)
        .service(redeliver_webhook_delivery);
}

/// List a webhook's deliveries
///
/// The deliveries of a webhook.
/// Its log, newest first: what was sent or is to be, and what was answered. Kept for 30 days after the
/// last change.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhook_deliveries.read"))),
    params(WebhookDeliveryFilter, Paging<webhook_delivery::Entity>),
    responses((status = 200, description = "A page of deliveries", body = Page<WebhookDelivery>))
)]
#[get("/v1/webhooks/{id}/deliveries")]
async fn list_webhook_deliveries(
    ctx: Ctx,
    id: Id,
    filter: web::Query<WebhookDeliveryFilter>,
    paging: Paging<webhook_delivery::Entity>,
) -> Result<Page<WebhookDelivery>> {
    let query = store::of_webhook(&ctx, *id, filter.state);
    let page = paging.fetch(ctx.state.db.reader(), query).await?;
    if page.items.is_empty() {
        ctx.row::<webhook::Entity>(*id).await?;
    }
    Ok(page.map(WebhookDelivery::from))
}

/// Get a webhook delivery
///
/// A delivery of a webhook.
/// One message to a webhook: what was sent, when, how often, and what the endpoint answered.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhook_deliveries.read"))),
    responses((status = 200, description = "The delivery", body = WebhookDelivery))
)]
#[get("/v1/webhook-deliveries/{id}")]
async fn get_webhook_delivery(ctx: Ctx, id: Id) -> Result<Tagged<WebhookDelivery>> {
    Ok(Tagged::of(ctx.row::<webhook_delivery::Entity>(*id).await?))
}

/// Send a delivery again
///
/// Sends a delivery of a webhook again.
/// The same message, with the same id, whatever became of it: at once, and then for three days. It waits
/// while the webhook is disabled.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhook_deliveries.update"))),
    params(IfMatch),
    responses((status = 200, description = "The delivery, pending", body = WebhookDelivery))
)]
#[post("/v1/webhook-deliveries/{id}/redeliver")]
async fn redeliver_webhook_delivery(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
) -> Result<Tagged<WebhookDelivery>> {
    let tx = ctx.begin().await?;
    let row = tx.row::<webhook_delivery::Entity>(*id).await?;
    if_match.honour(&row)?;
    let row = again::one(&tx, &row).await?;
    tx.commit(Event::new(&row, verb::Redelivered)).await?;
    Ok(Tagged::of(row))
}
