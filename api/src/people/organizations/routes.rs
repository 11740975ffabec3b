//! Organizations over HTTP.

use actix_web::{delete, get, patch, post};
use entity::organization;
use uuid::Uuid;

use super::dto::{Organization, OrganizationInput};
use super::store;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result, Routes,
    Tagged,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_organizations)
        .service(create_organization)
        .service(get_organization)
        .service(update_organization)
        .service(delete_organization);
}

/// List organizations
///
/// The training organizations within reach.
/// The platform admin sees them all, everybody else their own.
#[utoipa::path(
    tag = "Organizations",
    extensions(("x-policy" = json!("organizations.read"))),
    params(Paging<organization::Entity>),
    responses((status = 200, description = "A page of organizations", body = Page<Organization>))
)]
#[get("/v1/organizations")]
async fn list_organizations(
    ctx: Ctx,
    paging: Paging<organization::Entity>,
) -> Result<Page<Organization>> {
    let query = ctx.select::<organization::Entity>();
    let page = paging.fetch(ctx.state.db.reader(), query).await?;
    Ok(page.map(Organization::from))
}

/// Create an organization
///
/// Creates a training organization.
/// Its first coordinator comes next, by `POST /v1/users`.
#[utoipa::path(
    tag = "Organizations",
    extensions(("x-policy" = json!("organizations.create")), ("x-never" = json!([409]))),
    responses((status = 201, description = "The organization", body = Organization))
)]
#[post("/v1/organizations")]
async fn create_organization(
    ctx: Ctx,
    body: Json<OrganizationInput>,
) -> Result<Created<Organization>> {
    let tx = ctx.begin().await?;
    let row = organization::ActiveModel::from(body.0);
    let row = tx.create(None::<Uuid>, row, Event::created).await?;
    Ok(Created::of(row))
}

/// Get an organization
///
/// The training organization that one belongs to; the platform admin gets any.
#[utoipa::path(
    tag = "Organizations",
    extensions(("x-policy" = json!("organizations.read"))),
    responses((status = 200, description = "The organization", body = Organization))
)]
#[get("/v1/organizations/{id}")]
async fn get_organization(ctx: Ctx, id: Id) -> Result<Tagged<Organization>> {
    Ok(Tagged::of(ctx.row::<organization::Entity>(*id).await?))
}

/// Change an organization
///
/// Changes a training organization's name, address or settings. Absent fields stay, null erases.
#[utoipa::path(
    tag = "Organizations",
    extensions(("x-policy" = json!("organizations.update")), ("x-never" = json!([409]))),
    request_body(content = OrganizationInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The organization, changed", body = Organization))
)]
#[patch("/v1/organizations/{id}")]
async fn update_organization(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<OrganizationInput>,
) -> Result<Tagged<Organization>> {
    let mut tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<organization::Entity>(*id, &if_match)
        .await?;
    let edit = patch.apply(&OrganizationInput::from(&row))?;
    let row = tx
        .edit(
            &row,
            organization::ActiveModel::from(edit.value),
            &edit.changed,
        )
        .await?;
    let ctx = tx.commit(Event::updated(&row, edit.changed)).await?;
    ctx.state.zones.forget(row.id);
    Ok(Tagged::of(row))
}

/// Delete an organization
///
/// Deletes a training organization.
/// Only one without candidates; its accounts, templates and addresses go with it.
#[utoipa::path(
    tag = "Organizations",
    extensions(("x-policy" = json!("organizations.delete"))),
    responses((status = 204, description = "The organization is gone"))
)]
#[delete("/v1/organizations/{id}")]
async fn delete_organization(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_delete::<organization::Entity>(*id, &if_match)
        .await?;
    store::has_no_candidates(&tx, &row).await?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}
