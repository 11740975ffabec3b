//! Useful addresses over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use entity::useful_address;
use uuid::Uuid;

use super::dto::{UsefulAddress, UsefulAddressFilter, UsefulAddressInput};
use super::{external, store, writing};
use crate::kit::external_references::{self, ExternalReferences, ReferenceFilter};
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result, Routes,
    Tagged, Tx, new_id,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_useful_addresses)
        .service(create_useful_address)
        .service(get_useful_address)
        .service(update_useful_address)
        .service(delete_useful_address)
        .configure(external::routes);
}

/// List useful addresses
///
/// The useful addresses (§07).
/// The directory: the organization's own addresses and those shared by all, newest first.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("useful_addresses.read"))),
    params(UsefulAddressFilter, ReferenceFilter, Paging<useful_address::Entity>),
    responses((status = 200, description = "A page of addresses", body = Page<UsefulAddress>))
)]
#[get("/v1/useful-addresses")]
async fn list_useful_addresses(
    ctx: Ctx,
    filter: Query<UsefulAddressFilter>,
    reference: Query<ReferenceFilter>,
    paging: Paging<useful_address::Entity>,
) -> Result<Page<UsefulAddress>> {
    let db = ctx.state.db.reader();
    let query = external_references::narrow(&ctx, store::list(&ctx, &filter), &reference);
    let page = paging.fetch(db, query).await?;
    let mut references = external_references::of_rows(db, &page.items).await?;
    Ok(page.map(|row| {
        let references = references.remove(&row.id).unwrap_or_default();
        UsefulAddress::of(row, references)
    }))
}

/// Add a useful address
///
/// Adds a useful address (§07) to the directory.
/// To the organization's own directory; the platform admin adds to the part shared by all.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("useful_addresses.create"))),
    responses((status = 201, description = "The address", body = UsefulAddress))
)]
#[post("/v1/useful-addresses")]
async fn create_useful_address(
    ctx: Ctx,
    body: Json<UsefulAddressInput>,
) -> Result<Created<UsefulAddress>> {
    created(ctx.begin().await?, new_id(), body.0).await
}

pub(super) async fn created(
    tx: Tx,
    id: Uuid,
    new: UsefulAddressInput,
) -> Result<Created<UsefulAddress>> {
    let (row, references) = writing::create(&tx, id, new).await?;
    tx.commit(Event::created(&row)).await?;
    Ok(Created::with(
        &row.clone(),
        UsefulAddress::of(row, references),
    ))
}

/// Get a useful address
///
/// One body (organisme) of the directory of useful addresses (§07).
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("useful_addresses.read"))),
    responses((status = 200, description = "The address", body = UsefulAddress))
)]
#[get("/v1/useful-addresses/{id}")]
async fn get_useful_address(ctx: Ctx, id: Id) -> Result<Tagged<UsefulAddress>> {
    let row = ctx.row::<useful_address::Entity>(*id).await?;
    let references = external_references::of_row(ctx.state.db.reader(), &row).await?;
    Ok(Tagged::with(
        &row.clone(),
        UsefulAddress::of(row, references),
    ))
}

/// Change a useful address
///
/// Changes a useful address of the directory.
/// One of the organization's own: those shared by all are the platform admin's. Absent fields stay,
/// null erases.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("useful_addresses.update"))),
    request_body(content = UsefulAddressInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The address, changed", body = UsefulAddress))
)]
#[patch("/v1/useful-addresses/{id}")]
async fn update_useful_address(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<UsefulAddressInput>,
) -> Result<Tagged<UsefulAddress>> {
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<useful_address::Entity>(*id, &if_match)
        .await?;
    let known = external_references::of_row(tx.db(), &row).await?;
    changed(tx, &row, known, patch).await
}

pub(super) async fn changed(
    mut tx: Tx,
    row: &useful_address::Model,
    known: ExternalReferences,
    patch: MergePatch<UsefulAddressInput>,
) -> Result<Tagged<UsefulAddress>> {
    let edit = patch.apply(&UsefulAddressInput::of(row, known))?;
    let names = edit.changed.clone();
    let (row, references) = writing::edit(&mut tx, row, edit).await?;
    tx.commit(Event::updated(&row, names)).await?;
    Ok(Tagged::with(
        &row.clone(),
        UsefulAddress::of(row, references),
    ))
}

/// Delete a useful address
///
/// Deletes a useful address of the directory.
/// One that no personal contact and no sheet item points at.
#[utoipa::path(
    tag = "Addresses",
    extensions(("x-policy" = json!("useful_addresses.delete"))),
    responses((status = 204, description = "The address is gone"))
)]
#[delete("/v1/useful-addresses/{id}")]
async fn delete_useful_address(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<useful_address::Entity>(*id, &if_match)
        .await?;
    store::release(&tx, &row).await?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}
