//! The plan over HTTP.

use actix_web::{get, post, put};
use entity::{booklet, plan, plan_step};
use uuid::Uuid;

use super::dto::Plan;
use super::{actions, rules, store};
use crate::booklet::plan_steps;
use crate::booklet::plan_steps::dto::StepOrder;
use crate::booklet::plan_steps::rules::StepChange;
use crate::booklet::plan_steps::store::{of_locked, step_changed};
use crate::kit::list::positions::{reorder, siblings};
use crate::kit::write::tx::writable;
use crate::kit::{Ctx, Event, Id, IfMatch, Json, Result, Routes, Tagged, Tx, verb};
use crate::people::candidates;

pub(crate) fn routes(api: &mut Routes) {
    api.service(get_plan)
        .service(propose_plan)
        .service(agree_plan)
        .service(order_plan_steps)
        .configure(actions::routes);
}

/// Get the plan
///
/// The plan of a booklet with its steps. It exists, empty, from the booklet's creation.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.read"))),
    responses((status = 200, description = "The plan", body = Plan))
)]
#[get("/v1/booklets/{id}/plan")]
async fn get_plan(ctx: Ctx, id: Id) -> Result<Tagged<Plan>> {
    let plan = store::of_booklet(&ctx, *id).await?;
    let steps = plan_steps::store::list(&ctx, *id)
        .all(ctx.state.db.reader())
        .await?;
    Ok(Plan::tagged(&plan, &steps, &ctx))
}

/// Propose the plan
///
/// Proposes a booklet's plan to the other party.
/// By the candidate or the tutor: the other one agrees or edits. Only a draft with steps.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.propose"))),
    params(IfMatch),
    responses((status = 200, description = "The plan, proposed", body = Plan))
)]
#[post("/v1/booklets/{id}/plan/propose")]
async fn propose_plan(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<Plan>> {
    let party = rules::party(ctx.actor.role)?;
    let tx = ctx.begin().await?;
    let (booklet, plan) = to_act_on(&tx, *id, &if_match).await?;
    let steps = siblings::<plan_step::Model>(&tx, booklet.id).await?;
    let change = rules::propose(&plan, party, steps.len(), tx.now)?;
    let plan = tx.update(&plan, change).await?;
    let ctx = tx.commit(Event::new(&plan, verb::Proposed)).await?;
    Ok(Plan::tagged(&plan, &steps, &ctx))
}

/// Agree the plan
///
/// Agrees a booklet's plan.
/// By the party that did not propose it. For a candidate without account the tutor agrees, and the
/// plan shows it (`on_behalf`).
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.agree"))),
    params(IfMatch),
    responses((status = 200, description = "The plan, agreed", body = Plan))
)]
#[post("/v1/booklets/{id}/plan/agree")]
async fn agree_plan(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<Plan>> {
    let party = rules::party(ctx.actor.role)?;
    let tx = ctx.begin().await?;
    let (booklet, plan) = to_act_on(&tx, *id, &if_match).await?;
    let has_account = candidates::store::has_account(&tx, &booklet).await?;
    let change = rules::agree(&plan, party, has_account, tx.now)?;
    let plan = tx.update(&plan, change).await?;
    let steps = siblings::<plan_step::Model>(&tx, booklet.id).await?;
    let ctx = tx.commit(Event::new(&plan, verb::Agreed)).await?;
    Ok(Plan::tagged(&plan, &steps, &ctx))
}

/// Order the plan steps
///
/// Names every step exactly once, in the new order; `If-Match` is the plan's etag. An edit: a
/// proposed or agreed plan becomes a draft again. The order that they have already changes nothing.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.update"))),
    responses((status = 200, description = "The plan, its steps in the new order", body = Plan))
)]
#[put("/v1/booklets/{id}/plan-steps/order")]
async fn order_plan_steps(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<StepOrder>,
) -> Result<Tagged<Plan>> {
    let mut tx = ctx.begin().await?;
    let booklet = tx.booklet(*id).await?;
    let plan = of_locked(&tx, booklet.id).await?;
    if_match.require(&plan)?;
    writable(&booklet)?;
    let steps = siblings::<plan_step::Model>(&tx, booklet.id).await?;
    let ids = steps.iter().map(|step| step.id);
    if ids.eq(body.ids.iter().copied()) {
        return Ok(Plan::tagged(&plan, &steps, &tx));
    }
    let steps = reorder(&mut tx, steps, &body.ids).await?;
    let plan = step_changed(&mut tx, &plan, StepChange::Edit).await?;
    let ctx = tx.commit(Event::new(&plan, verb::Ordered)).await?;
    Ok(Plan::tagged(&plan, &steps, &ctx))
}

/// The plan of a booklet within reach that may still be written.
async fn to_act_on(
    tx: &Tx,
    booklet_id: Uuid,
    if_match: &IfMatch,
) -> Result<(booklet::Model, plan::Model)> {
    let booklet = tx.booklet(booklet_id).await?;
    let plan = of_locked(tx, booklet.id).await?;
    if_match.honour(&plan)?;
    writable(&booklet)?;
    Ok((booklet, plan))
}
