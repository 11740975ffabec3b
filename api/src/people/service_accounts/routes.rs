//! Service accounts over HTTP.

use actix_web::{delete, get, patch, post};
use chrono::{DateTime, Utc};
use entity::service_account;
use sea_orm::{NotSet, Set};

use super::dto::{
    SecretRotation, ServiceAccount, ServiceAccountEdit, ServiceAccountInput, ServiceAccountSecret,
    texts,
};
use super::rules;
use crate::foundation::keys;
use crate::kit::{
    Code, Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Problem,
    Result, Routes, Tagged, new_id, verb,
};
use crate::people::auth::store::token_hash;
use crate::people::names::{self, Author, Creator};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_service_accounts)
        .service(create_service_account)
        .service(get_service_account)
        .service(update_service_account)
        .service(revoke_service_account)
        .service(rotate_service_account);
}

/// List service accounts
///
/// The service accounts of an organization.
/// Newest first, the revoked ones too. The platform admin sees those of all organizations.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("service_accounts.read"))),
    params(Paging<service_account::Entity>),
    responses((status = 200, description = "A page of service accounts", body = Page<ServiceAccount>))
)]
#[get("/v1/service-accounts")]
async fn list_service_accounts(
    ctx: Ctx,
    paging: Paging<service_account::Entity>,
) -> Result<Page<ServiceAccount>> {
    let query = ctx.select::<service_account::Entity>();
    let page = paging.fetch(ctx.state.db.reader(), query).await?;
    let page = page.map(|row| ServiceAccount::at(row, ctx.now));
    names::page_signed(&ctx, page).await
}

/// Create a service account
///
/// Creates a service account for a program of others.
/// Answers its `client_id` and its secret, the latter this once: the other system exchanges them
/// for access tokens at `POST /oauth/token`.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("service_accounts.create"))),
    responses((status = 201, description = "The service account, with its secret", body = ServiceAccountSecret))
)]
#[post("/v1/service-accounts")]
async fn create_service_account(
    ctx: Ctx,
    body: Json<ServiceAccountInput>,
) -> Result<Created<ServiceAccountSecret>> {
    let Json(new) = body;
    let expires_at = rules::expiry(new.expires_at, ctx.now)?;
    let organization_id = ctx.organization_id()?;
    let secret = secret()?;
    let row = service_account::ActiveModel {
        name: Set(new.name),
        scopes: Set(texts(&new.scopes)),
        client_id: Set(new_id().simple().to_string()),
        secret_hash: Set(token_hash(&secret)),
        expires_at: Set(expires_at),
        created_by: Set(Some(ctx.actor.id)),
        ..Default::default()
    };
    let (now, tx) = (ctx.now, ctx.begin().await?);
    let (row, Creator(by)) = tx
        .create_with(Some(organization_id), row, Event::created)
        .await?;
    Ok(Created::with(
        &row.clone(),
        shown_once(row, by, secret, now),
    ))
}

/// Get a service account
///
/// One account by which another system uses this API, without its secret.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("service_accounts.read"))),
    responses((status = 200, description = "The service account", body = ServiceAccount))
)]
#[get("/v1/service-accounts/{id}")]
async fn get_service_account(ctx: Ctx, id: Id) -> Result<Tagged<ServiceAccount>> {
    let row = ctx.row::<service_account::Entity>(*id).await?;
    let shown = ServiceAccount::at(row.clone(), ctx.now);
    Ok(Tagged::with(&row, names::one_signed(&ctx, shown).await?))
}

/// Change a service account
///
/// Changes a service account.
/// Its name and its scopes, which hold from the next request on. Not once it is revoked.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("service_accounts.update"))),
    request_body(content = ServiceAccountEdit, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The service account, changed", body = ServiceAccount))
)]
#[patch("/v1/service-accounts/{id}")]
async fn update_service_account(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<ServiceAccountEdit>,
) -> Result<Tagged<ServiceAccount>> {
    let (now, tx) = (ctx.now, ctx.begin().await?);
    let row = tx
        .row_to_change::<service_account::Entity>(*id, &if_match)
        .await?;
    rules::is_not_revoked(&row)?;
    let edit = patch.apply(&ServiceAccountEdit::from(&row))?;
    let change = service_account::ActiveModel::from(edit.value);
    let (row, Creator(by)) = tx
        .change_with(&row, change, edit.changed, Event::updated)
        .await?;
    let shown = by.signing(ServiceAccount::at(row.clone(), now));
    Ok(Tagged::with(&row, shown))
}

/// Revoke a service account
///
/// Revokes a service account.
/// Its tokens are refused from the next request on. It stays in the list, revoked.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("service_accounts.delete")), ("x-never" = json!([409]))),
    responses((status = 204, description = "The service account is revoked"))
)]
#[delete("/v1/service-accounts/{id}")]
async fn revoke_service_account(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<service_account::Entity>(*id, &if_match)
        .await?;
    if row.revoked_at.is_some() {
        return Ok(NoContent);
    }
    let revoked = service_account::ActiveModel {
        revoked_at: Set(Some(tx.now)),
        ..Default::default()
    };
    let row = tx.update(&row, revoked).await?;
    tx.commit(Event::new(&row, verb::Revoked)).await?;
    Ok(NoContent)
}

/// Give a service account a new secret
///
/// Gives a service account a new secret.
/// The present secret gets tokens for a day more, unless told otherwise, so that the other system
/// can change over; the one before it gets no more. The new one is shown this once.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("service_accounts.update"))),
    params(IfMatch),
    request_body = Option<SecretRotation>,
    responses((status = 200, description = "The service account, with its new secret", body = ServiceAccountSecret))
)]
#[post("/v1/service-accounts/{id}/rotate")]
async fn rotate_service_account(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<SecretRotation>,
) -> Result<Tagged<ServiceAccountSecret>> {
    let expires_at = body.expires_at.map(|end| rules::expiry(Some(end), ctx.now));
    let expires_at = expires_at.transpose()?;
    let (now, tx) = (ctx.now, ctx.begin().await?);
    let row = tx.row::<service_account::Entity>(*id).await?;
    if_match.honour(&row)?;
    rules::is_not_revoked(&row)?;
    let secret = secret()?;
    let rotated = service_account::ActiveModel {
        secret_hash: Set(token_hash(&secret)),
        expires_at: expires_at.map_or(NotSet, Set),
        ..rules::outlived(&row, body.overlap_hours, now)
    };
    let told = |row: &service_account::Model, _| Event::new(row, verb::Rotated);
    let (row, Creator(by)) = tx
        .change_with(&row, rotated, vec!["secret".to_owned()], told)
        .await?;
    Ok(Tagged::with(&row.clone(), shown_once(row, by, secret, now)))
}

fn secret() -> Result<String> {
    keys::secret().map_err(|error| {
        tracing::error!(%error, "cannot make a secret");
        Problem::new(Code::InternalError)
    })
}

fn shown_once(
    row: service_account::Model,
    by: Author,
    secret: String,
    now: DateTime<Utc>,
) -> ServiceAccountSecret {
    ServiceAccountSecret {
        account: by.signing(ServiceAccount::at(row, now)),
        secret,
    }
}
