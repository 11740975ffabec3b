//! Completed actions over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use entity::completed_action;
use entity::values::CompletedSource;
use sea_orm::Set;

use super::dto::{CompletedAction, CompletedActionFilter, CompletedActionInput};
use super::store;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Paging, Result, Routes,
    Tagged,
};
use crate::people::names::{self, Author};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_completed_actions)
        .service(create_completed_action)
        .service(get_completed_action)
        .service(update_completed_action)
        .service(delete_completed_action);
}

/// List completed actions
///
/// The completed actions of a booklet (§09).
/// What was done, newest first: written by hand, or derived from locked action sheets.
#[utoipa::path(
    tag = "Completed actions",
    extensions(("x-policy" = json!("completed_actions.read"))),
    params(CompletedActionFilter, Paging<completed_action::Entity>),
    responses((status = 200, description = "A page of completed actions", body = Page<CompletedAction>))
)]
#[get("/v1/booklets/{id}/completed-actions")]
async fn list_completed_actions(
    ctx: Ctx,
    id: Id,
    filter: Query<CompletedActionFilter>,
    paging: Paging<completed_action::Entity>,
) -> Result<Page<CompletedAction>> {
    let page = paging
        .fetch(ctx.state.db.reader(), store::list(&ctx, *id, &filter))
        .await?;
    let page = ctx.in_booklet(*id, page).await?.map(CompletedAction::from);
    names::page_signed(&ctx, page).await
}

/// Write a completed action
///
/// Notes by hand something done that no action sheet holds.
#[utoipa::path(
    tag = "Completed actions",
    extensions(("x-policy" = json!("completed_actions.create"))),
    responses((status = 201, description = "The completed action", body = CompletedAction))
)]
#[post("/v1/booklets/{id}/completed-actions")]
async fn create_completed_action(
    ctx: Ctx,
    id: Id,
    body: Json<CompletedActionInput>,
) -> Result<Created<CompletedAction>> {
    let tx = ctx.begin().await?;
    let booklet = tx.open_booklet(*id).await?;
    let row = completed_action::ActiveModel {
        source: Set(CompletedSource::Manual),
        sheet_item_id: Set(None),
        author_id: Set(tx.actor.id),
        ..body.0.into()
    };
    let (row, by) = tx
        .create_with::<_, Author>(&booklet, row, Event::created)
        .await?;
    Ok(Created::with(&row.clone(), by.signing(row.into())))
}

/// Get a completed action
///
/// One action of a booklet that was done (§09), written by hand or taken from an action sheet.
#[utoipa::path(
    tag = "Completed actions",
    extensions(("x-policy" = json!("completed_actions.read"))),
    responses((status = 200, description = "The completed action", body = CompletedAction))
)]
#[get("/v1/completed-actions/{id}")]
async fn get_completed_action(ctx: Ctx, id: Id) -> Result<Tagged<CompletedAction>> {
    let row = ctx.row::<completed_action::Entity>(*id).await?;
    let shown = names::one_signed(&ctx, CompletedAction::from(row.clone())).await?;
    Ok(Tagged::with(&row, shown))
}

/// Change a completed action
///
/// Changes a completed action of a booklet.
/// Absent fields stay. A candidate changes those it wrote; one that comes from a locked action
/// sheet stays as it is.
#[utoipa::path(
    tag = "Completed actions",
    extensions(("x-policy" = json!("completed_actions.update"))),
    request_body(content = CompletedActionInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The completed action, changed", body = CompletedAction))
)]
#[patch("/v1/completed-actions/{id}")]
async fn update_completed_action(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<CompletedActionInput>,
) -> Result<Tagged<CompletedAction>> {
    let tx = ctx.begin().await?;
    let (_, row) = tx
        .page_to_change::<completed_action::Entity>(*id, &if_match)
        .await?;
    let edit = patch.apply(&CompletedActionInput::from(&row))?;
    store::by_hand(&row)?;
    let change = completed_action::ActiveModel::from(edit.value);
    let (row, by) = tx
        .change_with::<_, Author>(&row, change, edit.changed, Event::updated)
        .await?;
    Ok(Tagged::with(&row.clone(), by.signing(row.into())))
}

/// Delete a completed action
///
/// Deletes a completed action of a booklet.
/// For one written by mistake; one that comes from a locked action sheet stays.
#[utoipa::path(
    tag = "Completed actions",
    extensions(("x-policy" = json!("completed_actions.delete"))),
    responses((status = 204, description = "The completed action is gone"))
)]
#[delete("/v1/completed-actions/{id}")]
async fn delete_completed_action(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let (_, row) = tx
        .page_to_change::<completed_action::Entity>(*id, &if_match)
        .await?;
    store::by_hand(&row)?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}
