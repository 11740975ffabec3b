//! Progress on the stages over HTTP.

use actix_web::{get, patch};
use entity::stage_progress;

use super::dto::{Stage, StageEdit, StageOfBooklet};
use super::rules::{self, Given};
use super::store;
use crate::kit::write::tx::writable;
use crate::kit::{Ctx, Event, Id, IfMatch, MergePatch, Page, Path, Result, Routes, Tagged};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_stages)
        .service(get_stage)
        .service(update_stage);
}

/// List the stages of a booklet
///
/// How far the booklet has come on each stage of the VAE: all of them, in their order.
#[utoipa::path(
    tag = "Stages",
    extensions(("x-policy" = json!("stages.read")), ("x-most" = json!(200))),
    responses((status = 200, description = "The stages", body = Page<Stage>))
)]
#[get("/v1/booklets/{id}/stages")]
async fn list_stages(ctx: Ctx, id: Id) -> Result<Page<Stage>> {
    let stages = store::in_order(&ctx, *id)
        .all(ctx.state.db.reader())
        .await?
        .into_iter()
        .filter_map(|(row, stage)| Some(Stage::shown(row, &stage?)))
        .collect();
    ctx.in_booklet(*id, Page::whole(stages)).await
}

/// Get a stage of a booklet
///
/// How far a booklet has come on one of the five stages of the VAE (§06), by the stage's code.
#[utoipa::path(
    tag = "Stages",
    extensions(("x-policy" = json!("stages.read"))),
    params(StageOfBooklet),
    responses((status = 200, description = "The stage", body = Stage))
)]
#[get("/v1/booklets/{id}/stages/{code}")]
async fn get_stage(ctx: Ctx, path: Path<StageOfBooklet>) -> Result<Tagged<Stage>> {
    let StageOfBooklet { id, code } = path.into_inner();
    let (row, stage) = store::one(&ctx, ctx.state.db.reader(), id, &code).await?;
    Ok(Tagged::with(&row.clone(), Stage::shown(row, &stage)))
}

/// Change a stage of a booklet
///
/// Changes how far a booklet has come on a stage of the VAE.
/// Absent fields stay, null erases. Any state may follow any other. A stage that becomes
/// `in_progress` starts today and one that becomes `done` is completed today, unless dates are
/// given; one taken back loses the dates that no longer hold.
#[utoipa::path(
    tag = "Stages",
    extensions(("x-policy" = json!("stages.update"))),
    params(StageOfBooklet),
    request_body(content = StageEdit, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The stage, changed", body = Stage))
)]
#[patch("/v1/booklets/{id}/stages/{code}")]
async fn update_stage(
    ctx: Ctx,
    path: Path<StageOfBooklet>,
    if_match: IfMatch,
    patch: MergePatch<StageEdit>,
) -> Result<Tagged<Stage>> {
    let StageOfBooklet { id, code } = path.into_inner();
    let given = Given {
        started_on: patch.names("started_on"),
        completed_on: patch.names("completed_on"),
    };
    let mut tx = ctx.begin().await?;
    let booklet = tx.booklet(id).await?;
    let (row, stage) = store::one(&tx, tx.db(), id, &code).await?;
    if_match.require(&row)?;
    writable(&booklet)?;
    let edit = patch.apply(&StageEdit::from(&row))?;
    let (value, dated) = rules::dated(row.state, edit.value, given, tx.today)?;
    let changed: Vec<String> = edit.changed.into_iter().chain(dated).collect();
    let row = tx
        .edit(&row, stage_progress::ActiveModel::from(value), &changed)
        .await?;
    tx.commit(Event::updated(&row, changed)).await?;
    Ok(Tagged::with(&row.clone(), Stage::shown(row, &stage)))
}
