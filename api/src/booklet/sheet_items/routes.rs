//! The items of action sheets over HTTP.

use actix_web::web::Query;
use actix_web::{get, patch, post};
use entity::{action_sheet, sheet_item};

use super::dto::{
    CarryItemOn, SettleItem, SheetItem, SheetItemEdit, SheetItemFilter, SheetItemInput,
};
use super::rules::editable;
use super::{rules, store};
use crate::kit::write::tx::no_fault;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, MergePatch, Page, Paging, Result, Routes, Tagged, verb,
};
use crate::reference::useful_addresses::store::check_visible;

pub(crate) fn routes(api: &mut Routes) {
    api.service(create_sheet_item)
        .service(list_sheet_items)
        .service(get_sheet_item)
        .service(update_sheet_item)
        .service(settle_sheet_item)
        .service(carry_sheet_item_on);
}

/// Write an item on a sheet
///
/// Writes an item on an action sheet.
/// `planned`: for the next appointment, to which it is carried over. `done`: done meanwhile,
/// though no sheet asked for it. The sheet must be a draft.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("sheet_items.create"))),
    params(IfMatch),
    responses((status = 201, description = "The item", body = SheetItem))
)]
#[post("/v1/action-sheets/{id}/items")]
async fn create_sheet_item(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<SheetItemInput>,
) -> Result<Created<SheetItem>> {
    let tx = ctx.begin().await?;
    let (booklet, sheet) = tx
        .page_to_act_on::<action_sheet::Entity>(*id, &if_match)
        .await?;
    check_visible(&tx, body.useful_address_id).await?;
    editable(sheet.state)?;
    let state = body.state;
    let row = rules::raised_on(&sheet, state, body.0.into());
    let row = tx.insert(&booklet, row).await?;
    store::raise_sheets(&tx, &row, None).await?;
    let ctx = tx.commit(Event::created(&row)).await?;
    Ok(Created::with(&row, SheetItem::shown(&row, &ctx)))
}

/// List sheet items
///
/// The items of all the booklet's sheets, newest first: what is still planned, what a party has
/// to do.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("sheet_items.read"))),
    params(SheetItemFilter, Paging<sheet_item::Entity>),
    responses((status = 200, description = "A page of items", body = Page<SheetItem>))
)]
#[get("/v1/booklets/{id}/sheet-items")]
async fn list_sheet_items(
    ctx: Ctx,
    id: Id,
    filter: Query<SheetItemFilter>,
    paging: Paging<sheet_item::Entity>,
) -> Result<Page<SheetItem>> {
    let page = paging
        .fetch(ctx.state.db.reader(), store::list(&ctx, *id, &filter))
        .await?;
    let page = ctx.in_booklet(*id, page).await?;
    Ok(page.map(|row| SheetItem::shown(&row, &ctx)))
}

/// Get a sheet item
///
/// One item of an action sheet (§08), to produce, to contact or to do, as it is today.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("sheet_items.read"))),
    responses((status = 200, description = "The item", body = SheetItem))
)]
#[get("/v1/sheet-items/{id}")]
async fn get_sheet_item(ctx: Ctx, id: Id) -> Result<Tagged<SheetItem>> {
    let row = ctx.row::<sheet_item::Entity>(*id).await?;
    Ok(Tagged::with(&row, SheetItem::shown(&row, &ctx)))
}

/// Change a sheet item
///
/// Changes an item of an action sheet.
/// Absent fields stay, null erases. All of it may change while the sheet it was written on is a
/// draft; day and address as long as it is planned; `variance_reason` until the sheet that settles
/// it is submitted. A candidate changes the items that it owns.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("sheet_items.update"))),
    request_body(content = SheetItemEdit, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The item, changed", body = SheetItem))
)]
#[patch("/v1/sheet-items/{id}")]
async fn update_sheet_item(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<SheetItemEdit>,
) -> Result<Tagged<SheetItem>> {
    let mut tx = ctx.begin().await?;
    let (_, row) = tx
        .page_to_change::<sheet_item::Entity>(*id, &if_match)
        .await?;
    let edit = patch.apply(&SheetItemEdit::from(&row))?;
    let address = edit.value.useful_address_id;
    let new_address = address.filter(|_| address != row.useful_address_id);
    no_fault([rules::may_own(tx.actor.role, edit.value.owner)])?;
    check_visible(&tx, new_address).await?;
    let (raised, settled) = store::states_of_its_sheets(&tx, &row).await?;
    rules::may_change(&row, raised, settled, &edit.changed)?;
    let row = tx
        .edit(
            &row,
            sheet_item::ActiveModel::from(edit.value),
            &edit.changed,
        )
        .await?;
    store::raise_sheets(&tx, &row, None).await?;
    let ctx = tx.commit(Event::updated(&row, edit.changed)).await?;
    Ok(Tagged::with(&row, SheetItem::shown(&row, &ctx)))
}

/// Settle a sheet item
///
/// A draft sheet says of an item that came to it that it is done, or dropped and why. It may say
/// otherwise until it is submitted. Done late without a reason, the item carries a warning: the
/// sheet is not locked without that reason.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("sheet_items.update"))),
    params(IfMatch),
    responses((status = 200, description = "The item, settled", body = SheetItem))
)]
#[post("/v1/sheet-items/{id}/settle")]
async fn settle_sheet_item(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<SettleItem>,
) -> Result<Tagged<SheetItem>> {
    let verdict = body.verdict()?;
    let tx = ctx.begin().await?;
    let (_, row) = tx
        .page_to_act_on::<sheet_item::Entity>(*id, &if_match)
        .await?;
    let sheet = store::sheet_named(&tx, &row, body.sheet_id).await?;
    let later = store::later_answers(&tx, &row, &sheet).await?;
    let settled = rules::settle(&row, &sheet, &later, verdict)?;
    let row = store::write_progress(&tx, &row, settled).await?;
    store::write_answer(&tx, &row, &sheet, &later, body.0.reason).await?;
    let ctx = tx.commit(Event::new(&row, verb::Settled)).await?;
    Ok(Tagged::with(&row, SheetItem::shown(&row, &ctx)))
}

/// Carry a sheet item on
///
/// A draft sheet leaves an item that came to it for a later appointment, on another day perhaps.
/// If the same sheet had settled it, that is undone.
#[utoipa::path(
    tag = "Action sheets",
    extensions(("x-policy" = json!("sheet_items.update"))),
    params(IfMatch),
    responses((status = 200, description = "The item, still planned", body = SheetItem))
)]
#[post("/v1/sheet-items/{id}/carry-on")]
async fn carry_sheet_item_on(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<CarryItemOn>,
) -> Result<Tagged<SheetItem>> {
    let tx = ctx.begin().await?;
    let (_, row) = tx
        .page_to_act_on::<sheet_item::Entity>(*id, &if_match)
        .await?;
    let sheet = store::sheet_named(&tx, &row, body.sheet_id).await?;
    let carried = rules::carry_on(&row, &sheet, body.due_on)?;
    let row = store::write_progress(&tx, &row, carried).await?;
    store::write_answer(&tx, &row, &sheet, &[], body.0.reason).await?;
    let ctx = tx.commit(Event::new(&row, verb::CarriedOn)).await?;
    Ok(Tagged::with(&row, SheetItem::shown(&row, &ctx)))
}
