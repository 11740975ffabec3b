//! The stages of the VAE over HTTP.

use actix_web::{delete, get, patch, post};
use entity::vae_stage;
use sea_orm::Set;

use super::dto::{StageCode, VaeStage, VaeStageEdit, VaeStageInput};
use super::store;
use crate::kit::{
    Created, Ctx, Event, IfMatch, Json, MergePatch, NoContent, Page, Path, Result, Routes, Tagged,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_vae_stages)
        .service(create_vae_stage)
        .service(get_vae_stage)
        .service(update_vae_stage)
        .service(delete_vae_stage);
}

/// List the stages of the VAE
///
/// The five stages of the VAE (§06), in their order, as every booklet goes through them.
#[utoipa::path(
    tag = "Stages",
    extensions(("x-policy" = json!("stage_reference.read")), ("x-most" = json!(200))),
    responses((status = 200, description = "The stages", body = Page<VaeStage>))
)]
#[get("/v1/vae-stages")]
async fn list_vae_stages(ctx: Ctx) -> Result<Page<VaeStage>> {
    let stages = store::in_order(&ctx).all(ctx.state.db.reader()).await?;
    Ok(Page::whole(stages).map(VaeStage::from))
}

/// Add a stage of the VAE
///
/// Adds a stage of the VAE.
/// For all organizations. It is not started in the booklets that there are.
#[utoipa::path(
    tag = "Stages",
    extensions(("x-policy" = json!("stage_reference.create"))),
    responses((status = 201, description = "The stage", body = VaeStage))
)]
#[post("/v1/vae-stages")]
async fn create_vae_stage(ctx: Ctx, body: Json<VaeStageInput>) -> Result<Created<VaeStage>> {
    let Json(new) = body;
    let mut tx = ctx.begin().await?;
    let stages = store::locked(&tx).await?;
    let last = i32::try_from(stages.len() + 1).unwrap_or(i32::MAX);
    let position = new.position.unwrap_or(last);
    let row = vae_stage::ActiveModel {
        position: Set(position),
        ..new.into()
    };
    let row = tx.insert(None, row).await?;
    store::place(&mut tx, stages, row.id, position).await?;
    store::start_everywhere(&tx, &row).await?;
    tx.commit(Event::created(&row)).await?;
    let address = format!("/v1/vae-stages/{}", row.code);
    Ok(Created::of(row).at(address))
}

/// Get a stage of the VAE
///
/// One of the five stages of the VAE (§06), by its code: what it is, and what comes out of it.
#[utoipa::path(
    tag = "Stages",
    extensions(("x-policy" = json!("stage_reference.read"))),
    params(StageCode),
    responses((status = 200, description = "The stage", body = VaeStage))
)]
#[get("/v1/vae-stages/{code}")]
async fn get_vae_stage(ctx: Ctx, code: Path<StageCode>) -> Result<Tagged<VaeStage>> {
    let stages = store::in_order(&ctx).all(ctx.state.db.reader()).await?;
    Ok(Tagged::of(store::find(&stages, &code.code)?))
}

/// Change a stage of the VAE
///
/// Changes a stage of the VAE.
/// For all organizations. Its code stays; a new `position` moves it, and the others make room.
#[utoipa::path(
    tag = "Stages",
    extensions(("x-policy" = json!("stage_reference.update")), ("x-never" = json!([409]))),
    params(StageCode),
    request_body(content = VaeStageEdit, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The stage, changed", body = VaeStage))
)]
#[patch("/v1/vae-stages/{code}")]
async fn update_vae_stage(
    ctx: Ctx,
    code: Path<StageCode>,
    if_match: IfMatch,
    patch: MergePatch<VaeStageEdit>,
) -> Result<Tagged<VaeStage>> {
    let mut tx = ctx.begin().await?;
    let stages = store::locked(&tx).await?;
    let row = store::find(&stages, &code.code)?;
    if_match.require(&row)?;
    let edit = patch.apply(&VaeStageEdit::from(&row))?;
    store::place(&mut tx, stages, row.id, edit.value.position).await?;
    let row = tx
        .change(
            &row,
            vae_stage::ActiveModel::from(edit.value),
            edit.changed,
            Event::updated,
        )
        .await?;
    Ok(Tagged::of(row))
}

/// Delete a stage of the VAE
///
/// Deletes a stage of the VAE.
/// Only one on which no booklet has come and that no plan or plan template names.
#[utoipa::path(
    tag = "Stages",
    extensions(("x-policy" = json!("stage_reference.delete"))),
    params(StageCode),
    responses((status = 204, description = "The stage is gone"))
)]
#[delete("/v1/vae-stages/{code}")]
async fn delete_vae_stage(ctx: Ctx, code: Path<StageCode>, if_match: IfMatch) -> Result<NoContent> {
    let mut tx = ctx.begin().await?;
    let stages = store::locked(&tx).await?;
    let row = store::find(&stages, &code.code)?;
    if_match.require(&row)?;
    store::withdraw_everywhere(&tx, &row).await?;
    tx.delete(&row).await?;
    store::close_ranks(&mut tx, &stages, &row).await?;
    tx.commit(Event::deleted(&row)).await?;
    Ok(NoContent)
}
