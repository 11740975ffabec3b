//! Follow-ups over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use entity::follow_up;
use sea_orm::Set;

use super::dto::{FollowUp, FollowUpFilter, FollowUpInput};
use super::store;
use crate::booklet::booklets::contact;
use crate::booklet::booklets::include::{PagePart, of_page};
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Include, Json, MergePatch, NoContent, Page, Paging, Result,
    Routes, Tagged,
};
use crate::people::names::{self, Author};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_follow_ups)
        .service(create_follow_up)
        .service(get_follow_up)
        .service(update_follow_up)
        .service(delete_follow_up);
}

/// List follow-ups
///
/// The follow-ups of a booklet.
/// The contacts between appointments (§10, suivi) that were noted in a booklet, newest first.
#[utoipa::path(
    tag = "Follow-ups",
    extensions(("x-policy" = json!("follow_ups.read"))),
    params(FollowUpFilter, Paging<follow_up::Entity>),
    responses((status = 200, description = "A page of follow-ups", body = Page<FollowUp>))
)]
#[get("/v1/booklets/{id}/follow-ups")]
async fn list_follow_ups(
    ctx: Ctx,
    id: Id,
    filter: Query<FollowUpFilter>,
    paging: Paging<follow_up::Entity>,
) -> Result<Page<FollowUp>> {
    let page = paging
        .fetch(ctx.state.db.reader(), store::list(&ctx, *id, &filter))
        .await?;
    let page = ctx.in_booklet(*id, page).await?.map(FollowUp::from);
    names::page_signed(&ctx, page).await
}

/// Write a follow-up
///
/// Writes a follow-up in a booklet.
/// Notes a contact with the candidate between appointments (§10, suivi): when, by which means, and what was said.
#[utoipa::path(
    tag = "Follow-ups",
    extensions(("x-policy" = json!("follow_ups.create"))),
    responses((status = 201, description = "The follow-up", body = FollowUp))
)]
#[post("/v1/booklets/{id}/follow-ups")]
async fn create_follow_up(
    ctx: Ctx,
    id: Id,
    body: Json<FollowUpInput>,
) -> Result<Created<FollowUp>> {
    let tx = ctx.begin().await?;
    let booklet = tx.open_booklet(*id).await?;
    let contacted_on = body.contacted_on;
    let row = follow_up::ActiveModel {
        author_id: Set(tx.actor.id),
        ..body.0.into()
    };
    contact::noted(&tx, &booklet, Some(contacted_on)).await?;
    let (row, by) = tx
        .create_with::<_, Author>(&booklet, row, Event::created)
        .await?;
    Ok(Created::with(&row.clone(), by.signing(row.into())))
}

/// Get a follow-up
///
/// A follow-up of a booklet.
/// One contact with the candidate between appointments (§10, suivi).
#[utoipa::path(
    tag = "Follow-ups",
    extensions(("x-policy" = json!("follow_ups.read"))),
    params(Include<PagePart>),
    responses((status = 200, description = "The follow-up", body = FollowUp))
)]
#[get("/v1/follow-ups/{id}")]
async fn get_follow_up(ctx: Ctx, id: Id, include: Include<PagePart>) -> Result<Tagged<FollowUp>> {
    let row = ctx.row::<follow_up::Entity>(*id).await?;
    let mut shown = names::one_signed(&ctx, FollowUp::from(row.clone())).await?;
    shown.booklet = of_page(&ctx, row.booklet_id, &include).await?;
    Ok(Tagged::with(&row, shown).including(&include))
}

/// Change a follow-up
///
/// Changes a follow-up of a booklet.
/// Changes what was noted of a contact (§10, suivi). Absent fields stay, null erases.
#[utoipa::path(
    tag = "Follow-ups",
    extensions(("x-policy" = json!("follow_ups.update"))),
    request_body(content = FollowUpInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The follow-up, changed", body = FollowUp))
)]
#[patch("/v1/follow-ups/{id}")]
async fn update_follow_up(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<FollowUpInput>,
) -> Result<Tagged<FollowUp>> {
    let tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_change::<follow_up::Entity>(*id, &if_match)
        .await?;
    let edit = patch.apply(&FollowUpInput::from(&row))?;
    let (before, after) = (row.contacted_on, edit.value.contacted_on);
    contact::moved(&tx, &booklet, row.id, Some(before), Some(after)).await?;
    let change = follow_up::ActiveModel::from(edit.value);
    let (row, by) = tx
        .change_with::<_, Author>(&row, change, edit.changed, Event::updated)
        .await?;
    Ok(Tagged::with(&row.clone(), by.signing(row.into())))
}

/// Delete a follow-up
///
/// Deletes a follow-up of a booklet.
/// Takes away a contact (§10, suivi) that was written by mistake.
#[utoipa::path(
    tag = "Follow-ups",
    extensions(("x-policy" = json!("follow_ups.delete"))),
    responses((status = 204, description = "The follow-up is gone"))
)]
#[delete("/v1/follow-ups/{id}")]
async fn delete_follow_up(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_change::<follow_up::Entity>(*id, &if_match)
        .await?;
    contact::moved(&tx, &booklet, row.id, Some(row.contacted_on), None).await?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}
