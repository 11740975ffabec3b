//! Pledges over HTTP.

use actix_web::{delete, get, patch, post};
use entity::pledge;

use super::dto::{Pledge, PledgeEdit, PledgeInput};
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result, Routes,
    Tagged,
};
use crate::reference::contract_templates::store;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_pledges)
        .service(create_pledge)
        .service(get_pledge)
        .service(update_pledge)
        .service(delete_pledge);
}

/// List pledges
///
/// The pledges (engagements) that organizations make.
/// The organization's own and the ones shared by all, newest first.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("templates.read"))),
    params(Paging<pledge::Entity>),
    responses((status = 200, description = "A page of pledges", body = Page<Pledge>))
)]
#[get("/v1/pledges")]
async fn list_pledges(ctx: Ctx, paging: Paging<pledge::Entity>) -> Result<Page<Pledge>> {
    let query = ctx.select::<pledge::Entity>();
    let page = paging.fetch(ctx.state.db.reader(), query).await?;
    Ok(page.map(Pledge::from))
}

/// Create a pledge
///
/// Creates a pledge (engagements of an organization).
/// An organization's most recent template is the one that its new contracts are copied from, unless
/// they name another. The platform admin makes templates shared by all.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("templates.create"))),
    responses((status = 201, description = "The pledge", body = Pledge))
)]
#[post("/v1/pledges")]
async fn create_pledge(ctx: Ctx, body: Json<PledgeInput>) -> Result<Created<Pledge>> {
    let tx = ctx.begin().await?;
    let present = store::to_copy::<pledge::Entity>(&tx, None, "").await?;
    let owner = tx.actor.organization_id;
    let row = tx
        .create(owner, body.0.completed(present), Event::created)
        .await?;
    Ok(Created::of(row))
}

/// Get a pledge
///
/// A pledge (engagements of an organization).
/// The texts that new contracts are copied from.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("templates.read"))),
    responses((status = 200, description = "The pledge", body = Pledge))
)]
#[get("/v1/pledges/{id}")]
async fn get_pledge(ctx: Ctx, id: Id) -> Result<Tagged<Pledge>> {
    Ok(Tagged::of(ctx.row::<pledge::Entity>(*id).await?))
}

/// Change a pledge
///
/// Changes a pledge.
/// Contracts made earlier stay as they are. A coordinator changes their organization's own, the
/// platform admin the shared ones.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("templates.update")), ("x-never" = json!([409]))),
    request_body(content = PledgeEdit, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The pledge, changed", body = Pledge))
)]
#[patch("/v1/pledges/{id}")]
async fn update_pledge(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<PledgeEdit>,
) -> Result<Tagged<Pledge>> {
    let tx = ctx.begin().await?;
    let row = tx.row_to_change::<pledge::Entity>(*id, &if_match).await?;
    let edit = patch.apply(&PledgeEdit::from(&row))?;
    let row = tx
        .change(
            &row,
            pledge::ActiveModel::from(edit.value),
            edit.changed,
            Event::updated,
        )
        .await?;
    Ok(Tagged::of(row))
}

/// Delete a pledge
///
/// Deletes a pledge.
/// Contracts made from it stay as they are. The last one shared by all stays too.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("templates.delete"))),
    responses((status = 204, description = "The pledge is gone"))
)]
#[delete("/v1/pledges/{id}")]
async fn delete_pledge(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx.row_to_change::<pledge::Entity>(*id, &if_match).await?;
    store::not_the_last_shared::<pledge::Entity>(&tx, &row).await?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}
