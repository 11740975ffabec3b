//! What may be done now with an action sheet.

use actix_web::get;
use entity::action_sheet;
use sea_orm::ColumnTrait;

use super::rules;
use super::store::Ledger;
use crate::booklet::sheet_items::rules::editable;
use crate::kit::write::tx::writable;
use crate::kit::{
    Ctx, Id, Page, PossibleAction, PossibleActions, Result, Routes, Standing, possible,
};

pub(super) fn routes(api: &mut Routes) {
    api.service(list_action_sheet_actions);
}

/// List what may be done with an action sheet
///
/// What the reader may do with an action sheet.
/// Each action that the reader's role permits: whether it is possible now, and if not, why. The
/// same rules decide when it is tried; `If-Match` and the body apart.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("action_sheets.read"))),
    responses((status = 200, description = "The actions, possible or not", body = Page<PossibleAction>))
)]
#[get("/v1/action-sheets/{id}/actions")]
async fn list_action_sheet_actions(ctx: Ctx, id: Id) -> Result<PossibleActions> {
    let this = action_sheet::Column::Id.eq(*id);
    let (sheet, standing) = Standing::on_page::<action_sheet::Entity>(&ctx, this).await?;
    let ledger = Ledger::read_by(&ctx, &sheet).await?;
    let shown = ledger.shown(&sheet);
    let has_account = standing.account.is_some();
    let party = || rules::party(ctx.actor.role);
    let submit = party().and_then(|by| rules::submit(&sheet, by, ctx.now));
    let reopen = party().and_then(|by| rules::reopen(&sheet, by));
    let lock = party().and_then(|by| rules::lock(&sheet, by, has_account, &shown, ctx.now));
    let ruled = [
        ("update_action_sheet", editable(sheet.state)),
        ("create_sheet_item", editable(sheet.state)),
        ("submit_action_sheet", submit.map(drop)),
        ("reopen_action_sheet", reopen.map(drop)),
        ("validate_action_sheet", lock.map(drop)),
    ]
    .map(|(name, rule)| (name, writable(&standing.booklet).and(rule)));
    possible(&ctx, &standing, *id, ruled)
}
