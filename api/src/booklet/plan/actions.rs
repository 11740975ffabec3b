//! What may be done now with a plan.

use actix_web::get;
use entity::plan;
use sea_orm::ColumnTrait;

use super::rules;
use crate::booklet::plan_steps::rules::may_fill;
use crate::booklet::plan_steps::store::how_many;
use crate::kit::list::positions::has_room;
use crate::kit::write::tx::writable;
use crate::kit::{
    Ctx, Id, Page, PossibleAction, PossibleActions, Result, Routes, Standing, possible,
};

pub(super) fn routes(api: &mut Routes) {
    api.service(list_plan_actions);
}

/// List what may be done with a plan
///
/// What the reader may do with a booklet's plan.
/// Each action that the reader's role permits: whether it is possible now, and if not, why. The
/// same rules decide when it is tried; `If-Match` and the body apart.
#[utoipa::path(
    tag = "Plans",
    extensions(("x-policy" = json!("plan.read"))),
    responses((status = 200, description = "The actions, possible or not", body = Page<PossibleAction>))
)]
#[get("/v1/booklets/{id}/plan/actions")]
async fn list_plan_actions(ctx: Ctx, id: Id) -> Result<PossibleActions> {
    let this = plan::Column::BookletId.eq(*id);
    let (plan, standing) = Standing::on_page::<plan::Entity>(&ctx, this).await?;
    let steps = how_many(&ctx, *id).await?;
    let party = || rules::party(ctx.actor.role);
    let propose = party().and_then(|by| rules::propose(&plan, by, steps, ctx.now));
    let has_account = standing.account.is_some();
    let agree = party().and_then(|by| rules::agree(&plan, by, has_account, ctx.now));
    let ruled = [
        ("create_plan_step", has_room(steps)),
        ("copy_plan_template", may_fill(steps)),
        ("order_plan_steps", Ok(())),
        ("propose_plan", propose.map(drop)),
        ("agree_plan", agree.map(drop)),
    ]
    .map(|(name, rule)| (name, writable(&standing.booklet).and(rule)));
    possible(&ctx, &standing, *id, ruled)
}
