//! The access log over HTTP.

use actix_web::get;
use actix_web::web::Query;
use entity::access_entry;

use super::dto::{Access, AccessFilter, BookletAccess};
use super::store;
use crate::kit::{Ctx, Id, Page, Paging, Result, Routes};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_booklet_accesses).service(list_accesses);
}

/// List who opened a booklet
///
/// Every read of the booklet and its pages, and every attempt that was refused, newest first. A
/// line appears within a second or two; the list itself is recorded too. Changes are in the audit.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("audit.read"))),
    params(Paging<access_entry::Entity>),
    responses((status = 200, description = "A page of accesses", body = Page<BookletAccess>))
)]
#[get("/v1/booklets/{id}/accesses")]
async fn list_booklet_accesses(
    ctx: Ctx,
    id: Id,
    paging: Paging<access_entry::Entity>,
) -> Result<Page<BookletAccess>> {
    let db = ctx.state.db.reader();
    let page = paging.fetch(db, store::of_booklet(&ctx, *id)).await?;
    let page = ctx.in_booklet(*id, page).await?;
    let names = store::names(&ctx, &page).await?;
    Ok(page.map(|row| {
        let name = row.actor_id.and_then(|id| names.get(&id).cloned());
        BookletAccess::shown(row, name, &ctx.state.keys)
    }))
}

/// List accesses
///
/// The access log of the organization, newest first: sign-ins good and bad, reads of personal
/// records, refusals. The platform admin sees the sign-ins and refusals of all organizations that
/// name no booklet.
#[utoipa::path(
    tag = "Organizations",
    extensions(("x-policy" = json!("accesses.read"))),
    params(AccessFilter, Paging<access_entry::Entity>),
    responses((status = 200, description = "A page of accesses", body = Page<Access>))
)]
#[get("/v1/accesses")]
async fn list_accesses(
    ctx: Ctx,
    filter: Query<AccessFilter>,
    paging: Paging<access_entry::Entity>,
) -> Result<Page<Access>> {
    let db = ctx.state.db.reader();
    let page = paging.fetch(db, store::list(&ctx, &filter)).await?;
    let names = store::names(&ctx, &page).await?;
    Ok(page.map(|row| {
        let name = row.actor_id.and_then(|id| names.get(&id).cloned());
        Access::shown(row, name, &ctx.state.keys)
    }))
}
