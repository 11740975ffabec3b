//! Plan steps over HTTP.

use actix_web::http::{StatusCode, header};
use actix_web::{CustomizeResponder, Responder, delete, get, patch, post};
use entity::values::StepState;
use entity::{plan_step, plan_template};
use sea_orm::Set;

use super::dto::{PlanStep, PlanStepInput, Postponement, TemplateChoice};
use super::rules::StepChange;
use super::store::{of_locked, step_changed};
use super::{rules, store};
use crate::kit::list::positions::{MOST, close_gap, make_room, make_way, siblings};
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, NoContent, Page, Result, Routes, Tagged,
    Tx, verb,
};
use crate::reference::contract_templates::store::to_copy;
use crate::reference::plan_templates::store::known_stages;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_plan_steps)
        .service(create_plan_step)
        .service(copy_plan_template)
        .service(get_plan_step)
        .service(update_plan_step)
        .service(delete_plan_step)
        .service(postpone_plan_step);
}

/// List plan steps
///
/// All steps of a booklet's plan (at most 200), in order.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.read")), ("x-most" = json!(MOST))),
    responses((status = 200, description = "The steps", body = Page<PlanStep>))
)]
#[get("/v1/booklets/{id}/plan-steps")]
async fn list_plan_steps(ctx: Ctx, id: Id) -> Result<Page<PlanStep>> {
    let rows = store::list(&ctx, *id).all(ctx.state.db.reader()).await?;
    let page = ctx.in_booklet(*id, Page::whole(rows)).await?;
    Ok(page.map(|row| PlanStep::shown(&row, &ctx)))
}

/// Add a plan step
///
/// Adds a step to a booklet's plan (§05).
/// An edit: a proposed or agreed plan becomes a draft again.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.create"))),
    responses((status = 201, description = "The step", body = PlanStep))
)]
#[post("/v1/booklets/{id}/plan-steps")]
async fn create_plan_step(
    ctx: Ctx,
    id: Id,
    body: Json<PlanStepInput>,
) -> Result<Created<PlanStep>> {
    let mut tx = ctx.begin().await?;
    let booklet = tx.open_booklet(*id).await?;
    known_stage(&tx, &body).await?;
    let others = siblings::<plan_step::Model>(&tx, booklet.id).await?;
    let input = rules::dated((StepState::Planned, None), body.0, tx.today);
    let row = plan_step::ActiveModel {
        position: Set(make_room(&mut tx, &others, input.position).await?),
        ..input.into()
    };
    let row = tx.insert(&booklet, row).await?;
    let plan = of_locked(&tx, booklet.id).await?;
    step_changed(&mut tx, &plan, StepChange::Edit).await?;
    let ctx = tx.commit(Event::created(&row)).await?;
    Ok(Created::with(&row, PlanStep::shown(&row, &ctx)))
}

/// Copy a plan template
///
/// Fills an empty plan with the rows of a template: the one named, else the organization's most
/// recent one, else the shipped generic plan. The body may be left out. Later edits of the template
/// do not change the plan.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.create"))),
    request_body = Option<TemplateChoice>,
    responses((status = 201, description = "The steps", body = Page<PlanStep>))
)]
#[post("/v1/booklets/{id}/plan-steps/from-template")]
async fn copy_plan_template(
    ctx: Ctx,
    id: Id,
    body: Json<TemplateChoice>,
) -> Result<CustomizeResponder<Page<PlanStep>>> {
    let mut tx = ctx.begin().await?;
    let booklet = tx.open_booklet(*id).await?;
    let template = to_copy::<plan_template::Entity>(&tx, body.template_id, "/template_id").await?;
    let present = siblings::<plan_step::Model>(&tx, booklet.id).await?;
    rules::may_fill(present.len())?;
    let steps = store::write_all(&mut tx, &booklet, template.rows.0).await?;
    let plan = store::made_from(&tx, booklet.id, template.id).await?;
    let changed = vec!["source_template_id".to_owned()];
    let ctx = tx.commit(Event::updated(&plan, changed)).await?;
    Ok(Page::whole(steps)
        .map(|row| PlanStep::shown(&row, &ctx))
        .customize()
        .with_status(StatusCode::CREATED)
        .insert_header((
            header::LOCATION,
            format!("/v1/booklets/{}/plan-steps", booklet.id),
        )))
}

/// Get a plan step
///
/// One step of a booklet's plan (§05): what is to be done, by whom, until when, and whether it was.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.read"))),
    responses((status = 200, description = "The step", body = PlanStep))
)]
#[get("/v1/plan-steps/{id}")]
async fn get_plan_step(ctx: Ctx, id: Id) -> Result<Tagged<PlanStep>> {
    let row = ctx.row::<plan_step::Entity>(*id).await?;
    Ok(Tagged::with(&row, PlanStep::shown(&row, &ctx)))
}

/// Change a plan step
///
/// Changes a step of a booklet's plan.
/// Absent fields stay, null erases. Changing objective, label, activity, grouping, duration or
/// position is an edit: a proposed or agreed plan becomes a draft again. State, dates and
/// `variance_reason` are progress and leave it as it is.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.update"))),
    request_body(content = PlanStepInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The step, changed", body = PlanStep))
)]
#[patch("/v1/plan-steps/{id}")]
async fn update_plan_step(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<PlanStepInput>,
) -> Result<Tagged<PlanStep>> {
    let mut tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_change::<plan_step::Entity>(*id, &if_match)
        .await?;
    let before = (row.state, row.done_on);
    let edit = patch
        .apply(&PlanStepInput::from(&row))?
        .adjust(|input| rules::dated(before, input, tx.today))?;
    known_stage(&tx, &edit.value).await?;
    let others = siblings::<plan_step::Model>(&tx, booklet.id).await?;
    let position = make_way(&mut tx, &others, &row, edit.value.position).await?;
    let plan = of_locked(&tx, booklet.id).await?;
    let kind = rules::kind_of_change(&edit.changed, position != row.position);
    step_changed(&mut tx, &plan, kind).await?;
    let change = plan_step::ActiveModel {
        position: Set(position),
        ..edit.value.into()
    };
    let row = tx.edit(&row, change, &edit.changed).await?;
    let ctx = tx.commit(Event::updated(&row, edit.changed)).await?;
    Ok(Tagged::with(&row, PlanStep::shown(&row, &ctx)))
}

/// Remove a plan step
///
/// Removes a step from a booklet's plan.
/// Those after it move up, and appointments no longer name it. An edit: a proposed or agreed plan
/// becomes a draft again.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.delete"))),
    responses((status = 204, description = "The step is gone"))
)]
#[delete("/v1/plan-steps/{id}")]
async fn delete_plan_step(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let mut tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_change::<plan_step::Entity>(*id, &if_match)
        .await?;
    let others = siblings::<plan_step::Model>(&tx, booklet.id).await?;
    close_gap(&mut tx, &others, &row).await?;
    store::leave_appointments(&mut tx, &row).await?;
    tx.delete(&row).await?;
    let plan = of_locked(&tx, booklet.id).await?;
    step_changed(&mut tx, &plan, StepChange::Edit).await?;
    tx.commit(Event::deleted(&row)).await?;
    Ok(NoContent)
}

/// Postpone a plan step
///
/// Gives new dates to a step that is neither done nor cancelled, and says why. The plan stays
/// agreed.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.update"))),
    params(IfMatch),
    responses((status = 200, description = "The step, postponed", body = PlanStep))
)]
#[post("/v1/plan-steps/{id}/postpone")]
async fn postpone_plan_step(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<Postponement>,
) -> Result<Tagged<PlanStep>> {
    let mut tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_act_on::<plan_step::Entity>(*id, &if_match)
        .await?;
    let change = rules::postpone(&row, body.0)?;
    let row = tx.update(&row, change).await?;
    let plan = of_locked(&tx, booklet.id).await?;
    step_changed(&mut tx, &plan, StepChange::Progress).await?;
    let ctx = tx.commit(Event::new(&row, verb::Postponed)).await?;
    Ok(Tagged::with(&row, PlanStep::shown(&row, &ctx)))
}

async fn known_stage(tx: &Tx, step: &PlanStepInput) -> Result<()> {
    let stage = step.vae_stage.as_deref();
    known_stages(tx, stage.map(|code| ("/vae_stage".to_owned(), code))).await
}
