//! Webhooks over HTTP.

use actix_web::{delete, get, patch, post};
use chrono::TimeDelta;
use entity::values::WebhookState;
use entity::webhook;
use sea_orm::Set;

use super::dto::{Webhook, WebhookInput, WebhookSecret, WebhookSecretRotation};
use super::secret::{Secret, salt};
use super::{actions, conformance, deliveries, rules, store, topics};
use crate::foundation::outbound::check_field;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result, Routes,
    Tagged, verb,
};
use crate::outside::changes::store::latest;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_webhooks)
        .service(create_webhook)
        .service(get_webhook)
        .service(update_webhook)
        .service(delete_webhook)
        .service(rotate_webhook_secret)
        .configure(actions::routes)
        .configure(conformance::routes::routes)
        .configure(deliveries::routes::routes);
}

/// List webhooks
///
/// The webhooks of an organization.
/// The organization's, newest first, the disabled ones too. The platform's admin sees those of all
/// organizations, without their addresses.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.read"))),
    params(Paging<webhook::Entity>),
    responses((status = 200, description = "A page of webhooks", body = Page<Webhook>))
)]
#[get("/v1/webhooks")]
async fn list_webhooks(ctx: Ctx, paging: Paging<webhook::Entity>) -> Result<Page<Webhook>> {
    let query = ctx.select::<webhook::Entity>();
    let page = paging.fetch(ctx.state.db.reader(), query).await?;
    Ok(page.map(|row| Webhook::seen_by(row, ctx.actor.role)))
}

/// Create a webhook
///
/// Creates a webhook.
/// Its endpoint is told of what happens from now on; the change feed tells what was before. The
/// answer holds the secret that signs the messages, this once. Try it with a ping. An organization
/// has 50 webhooks at most.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.create"))),
    responses((status = 201, description = "The webhook, with its secret", body = WebhookSecret))
)]
#[post("/v1/webhooks")]
async fn create_webhook(ctx: Ctx, body: Json<WebhookInput>) -> Result<Created<WebhookSecret>> {
    topics::known(&body.topics)?;
    let organization_id = ctx.organization_id()?;
    let slot = ctx.state.lookups.enter(organization_id)?;
    check_field(ctx.state.outbound.targets(), "/url", &body.url, slot).await?;
    let position = latest(&ctx.state, organization_id).await?;
    let salt = salt()?;
    let row = webhook::ActiveModel {
        state: Set(WebhookState::Active),
        secret_salt: Set(salt),
        position: Set(position),
        ..body.0.into()
    };
    let tx = ctx.begin().await?;
    store::room_for_one(&tx, organization_id).await?;
    let row = tx.insert(Some(organization_id), row).await?;
    let ctx = tx.commit(Event::created(&row)).await?;
    Ok(Created::with(&row.clone(), shown_once(&ctx, row)))
}

/// Get a webhook
///
/// A webhook.
/// Without its secret. `state`, `failing_since` and `held_until` say how it is doing.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.read"))),
    responses((status = 200, description = "The webhook", body = Webhook))
)]
#[get("/v1/webhooks/{id}")]
async fn get_webhook(ctx: Ctx, id: Id) -> Result<Tagged<Webhook>> {
    let row = ctx.row::<webhook::Entity>(*id).await?;
    Ok(shown(&ctx, row))
}

/// Change a webhook
///
/// Changes a webhook.
/// What is still to be delivered goes to the new address. Other topics count for what happens from
/// now on.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.update"))),
    request_body(content = WebhookInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The webhook, changed", body = Webhook))
)]
#[patch("/v1/webhooks/{id}")]
async fn update_webhook(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<WebhookInput>,
) -> Result<Tagged<Webhook>> {
    let targets = ctx.state.outbound.targets();
    // Looked up before anything is locked.
    if let Some(url) = patch.text("url") {
        let slot = ctx.state.lookups.enter(ctx.organization_id()?)?;
        check_field(targets, "/url", url, slot).await?;
    }
    let mut tx = ctx.begin().await?;
    let row = tx.row_to_change::<webhook::Entity>(*id, &if_match).await?;
    let edit = patch.apply(&WebhookInput::from(&row))?;
    topics::known(&edit.value.topics)?;
    // Another address has not failed yet.
    let mut change = webhook::ActiveModel::from(edit.value);
    if edit.changed.iter().any(|field| field == "url") {
        let fresh = rules::fresh();
        (change.failing_since, change.held_until) = (fresh.failing_since, fresh.held_until);
    }
    let row = tx.edit(&row, change, &edit.changed).await?;
    let ctx = tx.commit(Event::updated(&row, edit.changed)).await?;
    Ok(shown(&ctx, row))
}

/// Delete a webhook
///
/// Deletes a webhook.
/// With its log; what was not delivered is not. To stop it for a while, disable it.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.delete"))),
    responses((status = 204, description = "The webhook is gone"))
)]
#[delete("/v1/webhooks/{id}")]
async fn delete_webhook(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx.row_to_delete::<webhook::Entity>(*id, &if_match).await?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}

/// Give a webhook a new secret
///
/// Gives a webhook a new secret.
/// For a day more, unless told otherwise, messages carry two signatures, by the new secret and by
/// the present one, so that the receiver can change over; the one before signs no more. The new one
/// is shown this once.
#[utoipa::path(
    tag = "Webhooks",
    extensions(("x-policy" = json!("webhooks.update"))),
    params(IfMatch),
    request_body = Option<WebhookSecretRotation>,
    responses((status = 200, description = "The webhook, with its new secret", body = WebhookSecret))
)]
#[post("/v1/webhooks/{id}/rotate-secret")]
async fn rotate_webhook_secret(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<WebhookSecretRotation>,
) -> Result<Tagged<WebhookSecret>> {
    let overlap = TimeDelta::hours(body.overlap_hours.into());
    let salt = salt()?;
    let tx = ctx.begin().await?;
    let row = tx.row::<webhook::Entity>(*id).await?;
    if_match.honour(&row)?;
    let former = (!overlap.is_zero()).then(|| row.secret_salt.clone());
    let rotated = webhook::ActiveModel {
        secret_salt: Set(salt),
        former_secret_expires_at: Set(former.as_ref().map(|_| tx.now + overlap)),
        former_secret_salt: Set(former),
        ..Default::default()
    };
    let row = tx.update(&row, rotated).await?;
    let ctx = tx.commit(Event::new(&row, verb::Rotated)).await?;
    Ok(Tagged::with(&row.clone(), shown_once(&ctx, row)))
}

/// As the caller sees it.
pub(super) fn shown(ctx: &Ctx, row: webhook::Model) -> Tagged<Webhook> {
    Tagged::with(&row.clone(), Webhook::seen_by(row, ctx.actor.role))
}

fn shown_once(ctx: &Ctx, row: webhook::Model) -> WebhookSecret {
    let secret = Secret::of(&ctx.state.keys, row.id, &row.secret_salt);
    WebhookSecret {
        secret: secret.text(),
        webhook: Webhook::seen_by(row, ctx.actor.role),
    }
}
