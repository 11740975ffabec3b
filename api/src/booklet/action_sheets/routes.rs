//! Action sheets over HTTP.

use actix_web::web::Query;
use actix_web::{get, patch, post};
use entity::action_sheet;
use entity::values::SheetState;
use sea_orm::Set;

use super::dto::{ActionSheet, ActionSheetFilter, ActionSheetInput};
use super::store::Ledger;
use super::{actions, rules, store};
use crate::booklet::booklets::include::{PagePart, of_page};
use crate::booklet::sheet_items::rules::editable;
use crate::booklet::sheet_items::store::move_settled_items;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Include, Json, MergePatch, Page, Paging, Result, Routes,
    Tagged, verb,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_action_sheets)
        .service(create_action_sheet)
        .service(get_action_sheet)
        .service(update_action_sheet)
        .service(submit_action_sheet)
        .service(reopen_action_sheet)
        .service(validate_action_sheet)
        .configure(actions::routes);
}

/// List action sheets
///
/// The sheets of a booklet with their items, newest first.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("action_sheets.read"))),
    params(ActionSheetFilter, Paging<action_sheet::Entity>),
    responses((status = 200, description = "A page of action sheets", body = Page<ActionSheet>))
)]
#[get("/v1/booklets/{id}/action-sheets")]
async fn list_action_sheets(
    ctx: Ctx,
    id: Id,
    filter: Query<ActionSheetFilter>,
    paging: Paging<action_sheet::Entity>,
) -> Result<Page<ActionSheet>> {
    let page = paging
        .fetch(ctx.state.db.reader(), store::list(&ctx, *id, &filter))
        .await?;
    let page = ctx.in_booklet(*id, page).await?;
    store::show_page(&ctx, page).await
}

/// Start an action sheet
///
/// Starts an action sheet of a booklet.
/// A draft with the booklet's next number. What earlier sheets raised and nobody settled yet comes
/// to it, in `carried_over`.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("action_sheets.create"))),
    responses((status = 201, description = "The action sheet, a draft", body = ActionSheet))
)]
#[post("/v1/booklets/{id}/action-sheets")]
async fn create_action_sheet(
    ctx: Ctx,
    id: Id,
    body: Json<ActionSheetInput>,
) -> Result<Created<ActionSheet>> {
    let tx = ctx.begin().await?;
    let booklet = tx.open_booklet(*id).await?;
    store::known_references(&tx, booklet.id, &body, None).await?;
    let row = action_sheet::ActiveModel {
        number: Set(store::next_number(&tx, booklet.id).await?),
        state: Set(SheetState::Draft),
        submitted_by: Set(None),
        validated_by_candidate_at: Set(None),
        validated_by_tutor_at: Set(None),
        on_behalf: Set(false),
        locked_items: Set(None),
        ..body.0.into()
    };
    let row = tx.insert(&booklet, row).await?;
    let sheet = store::show_within(&tx, row.clone()).await?;
    tx.commit(Event::created(&row)).await?;
    Ok(Created::with(&row, sheet))
}

/// Get an action sheet
///
/// One sheet with its items: as they are today until it is locked, as they were then afterwards.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("action_sheets.read"))),
    params(Include<PagePart>),
    responses((status = 200, description = "The action sheet", body = ActionSheet))
)]
#[get("/v1/action-sheets/{id}")]
async fn get_action_sheet(
    ctx: Ctx,
    id: Id,
    include: Include<PagePart>,
) -> Result<Tagged<ActionSheet>> {
    let (row, ledger) = store::read(&ctx, *id).await?;
    let mut shown = ledger.show(&ctx, row.clone())?;
    shown.booklet = of_page(&ctx, row.booklet_id, &include).await?;
    Ok(Tagged::with(&row, shown).including(&include))
}

/// Change an action sheet
///
/// Changes the texts and dates of an action sheet.
/// Absent fields stay, null erases. Only a draft changes.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("action_sheets.update"))),
    request_body(content = ActionSheetInput, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The action sheet, changed", body = ActionSheet))
)]
#[patch("/v1/action-sheets/{id}")]
async fn update_action_sheet(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<ActionSheetInput>,
) -> Result<Tagged<ActionSheet>> {
    let mut tx = ctx.begin().await?;
    let (booklet, before, mut ledger) = store::to_change(&tx, *id, &if_match).await?;
    let edit = patch.apply(&ActionSheetInput::from(&before))?;
    let input = edit.value;
    store::known_references(&tx, booklet.id, &input, Some(&before)).await?;
    editable(before.state)?;
    if input.appointment_on != before.appointment_on {
        move_settled_items(&mut tx, &before, input.appointment_on).await?;
        ledger = Ledger::of(&tx, &before).await?;
    }
    let ctx = tx.clone();
    let change = action_sheet::ActiveModel::from(input);
    let row = tx
        .change(&before, change, edit.changed, Event::updated)
        .await?;
    Ok(Tagged::with(&row, ledger.show(&ctx, row.clone())?))
}

/// Submit an action sheet
///
/// Submits an action sheet to the other party.
/// Either party puts the draft forward for the other to validate, and validates it thereby. Sheet,
/// items and answers are frozen until then.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("action_sheets.agree"))),
    params(IfMatch),
    responses((status = 200, description = "The action sheet, submitted", body = ActionSheet))
)]
#[post("/v1/action-sheets/{id}/submit")]
async fn submit_action_sheet(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<ActionSheet>> {
    let party = rules::party(ctx.actor.role)?;
    let tx = ctx.begin().await?;
    let (_, row) = tx
        .page_to_act_on::<action_sheet::Entity>(*id, &if_match)
        .await?;
    let submitted = rules::submit(&row, party, tx.now)?;
    let row = store::write_state(&tx, &row, &submitted).await?;
    let sheet = store::show_within(&tx, row.clone()).await?;
    tx.commit(Event::new(&row, verb::Submitted)).await?;
    Ok(Tagged::with(&row, sheet))
}

/// Reopen an action sheet
///
/// The party that submitted the sheet takes it back: it is a draft again.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("action_sheets.agree"))),
    params(IfMatch),
    responses((status = 200, description = "The action sheet, a draft again", body = ActionSheet))
)]
#[post("/v1/action-sheets/{id}/reopen")]
async fn reopen_action_sheet(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<ActionSheet>> {
    let party = rules::party(ctx.actor.role)?;
    let tx = ctx.begin().await?;
    let (_, row) = tx
        .page_to_act_on::<action_sheet::Entity>(*id, &if_match)
        .await?;
    let draft = rules::reopen(&row, party)?;
    let row = store::write_state(&tx, &row, &draft).await?;
    let sheet = store::show_within(&tx, row.clone()).await?;
    tx.commit(Event::new(&row, verb::Reopened)).await?;
    Ok(Tagged::with(&row, sheet))
}

/// Validate an action sheet
///
/// The other party agrees, which locks the sheet for good; each item done on it becomes a
/// completed action. Each item carried over must be answered, each delay explained. For a
/// candidate without account the tutor validates, recorded in `on_behalf`.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("action_sheets.agree"))),
    params(IfMatch),
    responses((status = 200, description = "The action sheet, locked", body = ActionSheet))
)]
#[post("/v1/action-sheets/{id}/validate")]
async fn validate_action_sheet(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<ActionSheet>> {
    let party = rules::party(ctx.actor.role)?;
    let mut tx = ctx.begin().await?;
    let (booklet, row) = tx
        .page_to_act_on::<action_sheet::Entity>(*id, &if_match)
        .await?;
    let row = store::lock(&mut tx, &booklet, &row, party).await?;
    let sheet = store::show_within(&tx, row.clone()).await?;
    tx.commit(Event::new(&row, verb::Locked)).await?;
    Ok(Tagged::with(&row, sheet))
}
