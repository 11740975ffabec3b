//! Identity providers over HTTP.

use actix_web::{delete, get, patch, post};
use entity::identity_provider;

use super::dto::{IdentityProvider, IdentityProviderInput};
use super::{rules, store};
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result, Routes,
    Tagged,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_identity_providers)
        .service(create_identity_provider)
        .service(get_identity_provider)
        .service(update_identity_provider)
        .service(delete_identity_provider);
}

/// List identity providers
///
/// The identity providers of an organization.
/// Those that the organization trusts, newest first.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("identity_providers.read"))),
    params(Paging<identity_provider::Entity>),
    responses((status = 200, description = "A page of identity providers", body = Page<IdentityProvider>))
)]
#[get("/v1/identity-providers")]
async fn list_identity_providers(
    ctx: Ctx,
    paging: Paging<identity_provider::Entity>,
) -> Result<Page<IdentityProvider>> {
    let query = ctx.select::<identity_provider::Entity>();
    let page = paging.fetch(ctx.state.db.reader(), query).await?;
    Ok(page.map(IdentityProvider::from))
}

/// Trust an identity provider
///
/// Trusts an identity provider.
/// Its tokens then stand for our own in `Authorization: Bearer`, for the active users of this
/// organization whose e-mail address they name. Whoever runs the provider can act for any of them,
/// coordinators included.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("identity_providers.create"))),
    responses((status = 201, description = "The identity provider", body = IdentityProvider))
)]
#[post("/v1/identity-providers")]
async fn create_identity_provider(
    ctx: Ctx,
    body: Json<IdentityProviderInput>,
) -> Result<Created<IdentityProvider>> {
    rules::may_trust(&body)?;
    let organization_id = ctx.organization_id()?;
    store::check_issuer(&ctx, &body.issuer).await?;
    let tx = ctx.begin().await?;
    let row = identity_provider::ActiveModel::from(body.0);
    let row = tx
        .create(Some(organization_id), row, Event::created)
        .await?;
    Ok(Created::of(row))
}

/// Get an identity provider
///
/// One OpenID provider whose tokens the organization accepts from its users.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("identity_providers.read"))),
    responses((status = 200, description = "The identity provider", body = IdentityProvider))
)]
#[get("/v1/identity-providers/{id}")]
async fn get_identity_provider(ctx: Ctx, id: Id) -> Result<Tagged<IdentityProvider>> {
    Ok(Tagged::of(ctx.row::<identity_provider::Entity>(*id).await?))
}

/// Change an identity provider
///
/// Changes the terms on which an identity provider is trusted.
/// From the next request on, its tokens are accepted under the new terms alone.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("identity_providers.update"))),
    request_body(content = IdentityProviderInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The identity provider, changed", body = IdentityProvider))
)]
#[patch("/v1/identity-providers/{id}")]
async fn update_identity_provider(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<IdentityProviderInput>,
) -> Result<Tagged<IdentityProvider>> {
    // Looked up before anything is locked.
    if let Some(issuer) = patch.text("issuer") {
        store::check_issuer(&ctx, issuer).await?;
    }
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<identity_provider::Entity>(*id, &if_match)
        .await?;
    let edit = patch.apply(&IdentityProviderInput::from(&row))?;
    rules::may_trust(&edit.value)?;
    let change = identity_provider::ActiveModel::from(edit.value);
    let row = tx
        .change(&row, change, edit.changed, Event::updated)
        .await?;
    Ok(Tagged::of(row))
}

/// Trust an identity provider no longer
///
/// Trusts an identity provider no longer.
/// Its tokens are refused from the next request on.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("identity_providers.delete")), ("x-never" = json!([409]))),
    responses((status = 204, description = "The identity provider is gone"))
)]
#[delete("/v1/identity-providers/{id}")]
async fn delete_identity_provider(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<identity_provider::Entity>(*id, &if_match)
        .await?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}
