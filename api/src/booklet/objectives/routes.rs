//! Objectives over HTTP.

use actix_web::web::Query;
use actix_web::{delete, get, patch, post};
use entity::objective;
use entity::values::ObjectiveState;
use sea_orm::Set;

use super::dto::{Objective, ObjectiveFilter, ObjectiveInput};
use super::{rules, store};
use crate::kit::list::positions::{MOST, close_gap, make_room, make_way, siblings};
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Result, Routes, Tagged,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_objectives)
        .service(create_objective)
        .service(get_objective)
        .service(update_objective)
        .service(delete_objective);
}

/// List objectives
///
/// All of a booklet's objectives (at most 200), in order.
#[utoipa::path(
    tag = "Objectives",
    extensions(("x-policy" = json!("objectives.read")), ("x-most" = json!(MOST))),
    params(ObjectiveFilter),
    responses((status = 200, description = "The objectives", body = Page<Objective>))
)]
#[get("/v1/booklets/{id}/objectives")]
async fn list_objectives(
    ctx: Ctx,
    id: Id,
    filter: Query<ObjectiveFilter>,
) -> Result<Page<Objective>> {
    let rows = store::list(&ctx, *id, &filter)
        .all(ctx.state.db.reader())
        .await?;
    let page = ctx.in_booklet(*id, Page::whole(rows)).await?;
    Ok(page.map(Objective::from))
}

/// Write an objective
///
/// Writes an objective in a booklet (§04).
/// The candidate writes all of them; a tutor writes `working` ones alone.
#[utoipa::path(
    tag = "Objectives",
    extensions(("x-policy" = json!("objectives.create"))),
    responses((status = 201, description = "The objective", body = Objective))
)]
#[post("/v1/booklets/{id}/objectives")]
async fn create_objective(
    ctx: Ctx,
    id: Id,
    body: Json<ObjectiveInput>,
) -> Result<Created<Objective>> {
    rules::may_write(ctx.actor.role, body.kind)?;
    let mut tx = ctx.begin().await?;
    let booklet = tx.open_booklet(*id).await?;
    let others = siblings::<objective::Model>(&tx, booklet.id).await?;
    let input = rules::dated((ObjectiveState::Active, None), body.0, tx.today);
    let row = objective::ActiveModel {
        position: Set(make_room(&mut tx, &others, input.position).await?),
        ..input.into()
    };
    let row = tx.create(&booklet, row, Event::created).await?;
    Ok(Created::of(row))
}

/// Get an objective
///
/// One objective of a booklet (§04): what the candidate wants to reach, and whether it is reached.
#[utoipa::path(
    tag = "Objectives",
    extensions(("x-policy" = json!("objectives.read"))),
    responses((status = 200, description = "The objective", body = Objective))
)]
#[get("/v1/objectives/{id}")]
async fn get_objective(ctx: Ctx, id: Id) -> Result<Tagged<Objective>> {
    Ok(Tagged::of(ctx.row::<objective::Entity>(*id).await?))
}

/// Change an objective
///
/// Changes an objective of a booklet.
/// Absent fields stay, null erases. `position` moves it within the list; the others make way.
/// A tutor changes `working` objectives alone.
#[utoipa::path(
    tag = "Objectives",
    extensions(("x-policy" = json!("objectives.update"))),
    request_body(content = ObjectiveInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The objective, changed", body = Objective))
)]
#[patch("/v1/objectives/{id}")]
async fn update_objective(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<ObjectiveInput>,
) -> Result<Tagged<Objective>> {
    let mut tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_change::<objective::Entity>(*id, &if_match)
        .await?;
    let edit = patch.apply(&ObjectiveInput::from(&row))?;
    rules::may_write(tx.actor.role, edit.value.kind)?;
    let before = (row.state, row.achieved_on);
    let edit = edit.adjust(|input| rules::dated(before, input, tx.today))?;
    let others = siblings::<objective::Model>(&tx, booklet.id).await?;
    let change = objective::ActiveModel {
        position: Set(make_way(&mut tx, &others, &row, edit.value.position).await?),
        ..edit.value.into()
    };
    let row = tx
        .change(&row, change, edit.changed, Event::updated)
        .await?;
    Ok(Tagged::of(row))
}

/// Delete an objective
///
/// Deletes an objective of a booklet.
/// Those after it move up. To give one up but keep it, set its state to `dropped`.
#[utoipa::path(
    tag = "Objectives",
    extensions(("x-policy" = json!("objectives.delete"))),
    responses((status = 204, description = "The objective is gone"))
)]
#[delete("/v1/objectives/{id}")]
async fn delete_objective(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let mut tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_change::<objective::Entity>(*id, &if_match)
        .await?;
    let others = siblings::<objective::Model>(&tx, booklet.id).await?;
    close_gap(&mut tx, &others, &row).await?;
    tx.remove(&row, Event::deleted).await?;
    Ok(NoContent)
}
