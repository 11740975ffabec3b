//! Break-glass over HTTP.

use actix_web::{get, post};
use entity::break_glass;
use entity::values::MailKind;

use super::dto::{BreakGlass, BreakGlassInput};
use super::store;
use crate::kit::{
    Created, Ctx, Event, Id, IfMatch, Json, Page, Paging, Result, Routes, Tagged, verb,
};
use crate::people::mail::outbox::tell_coordinators;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_break_glass)
        .service(open_break_glass)
        .service(get_break_glass)
        .service(end_break_glass);
}

/// List the break-glass openings of a booklet
///
/// Which administrators of the platform opened the booklet, why and until when, newest first. An
/// administrator sees their own.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("break_glass.read"))),
    params(Paging<break_glass::Entity>),
    responses((status = 200, description = "A page of openings", body = Page<BreakGlass>))
)]
#[get("/v1/booklets/{id}/break-glass")]
async fn list_break_glass(
    ctx: Ctx,
    id: Id,
    paging: Paging<break_glass::Entity>,
) -> Result<Page<BreakGlass>> {
    let page = paging
        .fetch(ctx.state.db.reader(), store::list(&ctx, *id))
        .await?;
    Ok(ctx.in_booklet(*id, page).await?.map(BreakGlass::from))
}

/// Open a booklet by break-glass
///
/// Administrators of the platform read no booklet, but this one for a while and for a written
/// reason: the operations with `x-break-glass` then answer them, this booklet alone, without
/// private notes. They change nothing. The candidate, the tutor and the coordinators see it here
/// and in the booklet's audit trail, and the coordinators are told by mail.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("break_glass.create"))),
    responses((status = 201, description = "The opening", body = BreakGlass))
)]
#[post("/v1/booklets/{id}/break-glass")]
async fn open_break_glass(
    ctx: Ctx,
    id: Id,
    body: Json<BreakGlassInput>,
) -> Result<Created<BreakGlass>> {
    let tx = ctx.begin().await?;
    let booklet = tx.booklet(*id).await?;
    let row = store::opening(&tx, body.0).await?;
    let row = tx.insert(&booklet, row).await?;
    let reference = booklet.id.to_string();
    let said = (MailKind::BreakGlassNotice, reference.as_str());
    tell_coordinators(tx.db(), (&tx.state, tx.now), booklet.organization_id, said).await?;
    tx.commit(Event::new(&row, verb::Opened)).await?;
    Ok(Created::of(row))
}

/// Get a break-glass opening
///
/// Who opened which booklet, why and until when.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("break_glass.read"))),
    responses((status = 200, description = "The opening", body = BreakGlass))
)]
#[get("/v1/break-glass/{id}")]
async fn get_break_glass(ctx: Ctx, id: Id) -> Result<Tagged<BreakGlass>> {
    Ok(Tagged::of(ctx.row::<break_glass::Entity>(*id).await?))
}

/// End a break-glass opening
///
/// Ends a break-glass opening of a booklet.
/// Before its time: by the administrator who opened the booklet, or by a coordinator. Their next
/// request finds it closed. One that is over stays as it is.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("break_glass.update")), ("x-never" = json!([409]))),
    params(IfMatch),
    responses((status = 200, description = "The opening, ended", body = BreakGlass))
)]
#[post("/v1/break-glass/{id}/end")]
async fn end_break_glass(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<BreakGlass>> {
    let mut tx = ctx.begin().await?;
    let (_, row) = tx.page::<break_glass::Entity>(*id).await?;
    if_match.honour(&row)?;
    let row = store::end(&mut tx, &row).await?;
    tx.commit(Event::new(&row, verb::Ended)).await?;
    Ok(Tagged::of(row))
}
