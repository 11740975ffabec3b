//! The trial over HTTP.

use actix_web::post;
use entity::webhook;

use super::dto::ConformanceReport;
use super::play::Trial;
use crate::kit::{Ctx, Event, Id, IfMatch, Result, Routes, Whole, verb};

pub(in crate::outside::webhooks) fn routes(api: &mut Routes) {
    api.service(test_webhook_receiver);
}

/// Try a webhook's receiver
///
/// Sends it what receivers meet in production: a good message, the same once more, two in the wrong order,
/// one with a bad signature, an old one; and answers, within 40 seconds, what it did and what to put
/// right. The messages are of the type `webhook.test` and mean nothing. They are sent at once, in a dry run
/// too, whether the webhook is enabled or not, and do not stand in its log.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.update"))),
    params(IfMatch),
    responses((status = 200, description = "How the receiver did", body = ConformanceReport))
)]
#[post("/v1/webhooks/{id}/conformance")]
async fn test_webhook_receiver(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
) -> Result<Whole<ConformanceReport>> {
    let webhook = ctx.row::<webhook::Entity>(*id).await?;
    if_match.honour(&webhook)?;
    let _place = ctx.state.trials.enter(ctx.organization_id()?)?;
    let trial = Trial {
        ctx: &ctx,
        webhook: &webhook,
    };
    let report = trial.play().await?;
    let tx = ctx.begin().await?;
    tx.commit(Event::new(&webhook, verb::Tried)).await?;
    Ok(Whole(report))
}
