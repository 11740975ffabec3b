//! API keys over HTTP.

use actix_web::{delete, get, post};
use entity::{api_key, service_account};
use sea_orm::Set;

use super::dto::{ApiKey, ApiKeyInput, ApiKeySecret};
use super::store;
use crate::kit::{
    Code, Created, Ctx, Event, Id, IfMatch, Json, NoContent, Page, Problem, Result, Routes, Tagged,
    verb,
};
use crate::people::auth::api_key as key;
use crate::people::auth::store::token_hash;
use crate::people::names::{self, Creator};
use crate::people::service_accounts::rules;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_api_keys)
        .service(create_api_key)
        .service(get_api_key)
        .service(revoke_api_key);
}

/// List the API keys of a service account
///
/// All API keys of one service account (at most 20), newest first, without their texts. Expired ones stay until they
/// are revoked.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("service_accounts.read"))),
    responses((status = 200, description = "The keys", body = Page<ApiKey>))
)]
#[get("/v1/service-accounts/{id}/api-keys")]
async fn list_api_keys(ctx: Ctx, id: Id) -> Result<Page<ApiKey>> {
    let keys = store::of_account(&ctx, *id).await?;
    if keys.is_empty() {
        ctx.row::<service_account::Entity>(*id).await?;
    }
    names::page_signed(&ctx, Page::whole(keys).map(ApiKey::from)).await
}

/// Create an API key
///
/// Creates an API key of a service account, for platforms that cannot ask for access tokens at `POST /oauth/token`. Whoever sends the key as `Authorization: Bearer`
/// is its service account, with the scopes that the account has at that moment. The key is shown this
/// once.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("service_accounts.create"))),
    responses((status = 201, description = "The key, with its text", body = ApiKeySecret))
)]
#[post("/v1/service-accounts/{id}/api-keys")]
async fn create_api_key(
    ctx: Ctx,
    id: Id,
    body: Json<ApiKeyInput>,
) -> Result<Created<ApiKeySecret>> {
    let Json(new) = body;
    let expires_at = rules::expiry(new.expires_at, ctx.now)?;
    let key = key::new().map_err(|error| {
        tracing::error!(%error, "cannot make a key");
        Problem::new(Code::InternalError)
    })?;
    let tx = ctx.begin().await?;
    let account = tx
        .row_to_act_on::<service_account::Entity>(*id, &IfMatch::default())
        .await?;
    rules::is_not_revoked(&account)?;
    let row = api_key::ActiveModel {
        service_account_id: Set(account.id),
        name: Set(new.name),
        beginning: Set(key::beginning(&key)),
        key_hash: Set(token_hash(&key)),
        expires_at: Set(expires_at),
        last_used_at: Set(None),
        created_by: Set(Some(tx.actor.id)),
        ..Default::default()
    };
    let (row, Creator(by)) = tx.create_with(&account, row, Event::created).await?;
    let shown = ApiKeySecret {
        shown: by.signing(row.clone().into()),
        key,
    };
    Ok(Created::with(&row, shown))
}

/// Get an API key
///
/// One API key of a service account: its name, its beginning, until when it works and when it was last used. Not
/// its text.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("service_accounts.read"))),
    responses((status = 200, description = "The key", body = ApiKey))
)]
#[get("/v1/api-keys/{id}")]
async fn get_api_key(ctx: Ctx, id: Id) -> Result<Tagged<ApiKey>> {
    let row = ctx.row::<api_key::Entity>(*id).await?;
    let shown = names::one_signed(&ctx, ApiKey::from(row.clone())).await?;
    Ok(Tagged::with(&row, shown))
}

/// Revoke an API key
///
/// Revokes an API key: it is refused from the next request on, and gone. The other keys of its service account go on
/// working.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("service_accounts.delete")), ("x-never" = json!([409]))),
    responses((status = 204, description = "The key is revoked"))
)]
#[delete("/v1/api-keys/{id}")]
async fn revoke_api_key(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx.row_to_delete::<api_key::Entity>(*id, &if_match).await?;
    tx.remove(&row, |row| Event::new(row, verb::Revoked))
        .await?;
    Ok(NoContent)
}
