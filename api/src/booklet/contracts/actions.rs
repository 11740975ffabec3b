//! What may be done now with a contract.

use actix_web::get;
use entity::contract;
use entity::values::ContractState::{Draft, InForce, Proposed};
use sea_orm::ColumnTrait;

use super::{rules, store};
use crate::kit::write::tx::writable;
use crate::kit::{
    Ctx, Id, Page, PossibleAction, PossibleActions, Result, Routes, Standing, possible,
};

pub(super) fn routes(api: &mut Routes) {
    api.service(list_contract_actions);
}

/// List what may be done with a contract
///
/// What the reader may do with a contract.
/// Each action that the reader's role permits: whether it is possible now, and if not, why. The
/// same rules decide when it is tried; `If-Match` and the body apart. `sign_contract` is possible
/// when there is a signature to give or, on paper, to record.
#[utoipa::path(
    tag = "Contracts",
    extensions(("x-policy" = json!("contracts.read"))),
    responses((status = 200, description = "The actions, possible or not", body = Page<PossibleAction>))
)]
#[get("/v1/contracts/{id}/actions")]
async fn list_contract_actions(ctx: Ctx, id: Id) -> Result<PossibleActions> {
    let this = contract::Column::Id.eq(*id);
    let (contract, standing) = Standing::on_page::<contract::Entity>(&ctx, this).await?;
    let (present, signed) = store::beside(&ctx, &contract).await?;
    let must_be = |state| rules::must_be(state, &contract, ctx.today);
    let amend = rules::amend(&contract, &present, ctx.today);
    let (role, actor, account) = (ctx.actor.role, ctx.actor.id, standing.account);
    let sign = rules::may_sign(&contract, &signed, role, account, actor, ctx.today);
    let ruled = [
        ("update_contract", rules::may_change(&contract)),
        ("propose_contract", must_be(Draft)),
        ("withdraw_contract", must_be(Proposed)),
        ("sign_contract", sign),
        ("amend_contract", amend.map(drop)),
        ("terminate_contract", must_be(InForce)),
    ]
    .map(|(name, rule)| (name, writable(&standing.booklet).and(rule)));
    possible(&ctx, &standing, *id, ruled)
}
