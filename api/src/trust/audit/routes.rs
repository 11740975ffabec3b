//! The event trail of a booklet over HTTP.

use actix_web::get;
use entity::event;

use super::dto::AuditEvent;
use super::store;
use crate::kit::{Ctx, Id, Page, Paging, Result, Routes};
use crate::people::names;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_audit_events);
}

/// List the changes of a booklet
///
/// The changes of a booklet.
/// Every change of the booklet and its pages, newest first: who, as what, what, when. Names of
/// fields, never contents.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("audit.read"))),
    params(Paging<event::Entity>),
    responses((status = 200, description = "A page of changes", body = Page<AuditEvent>))
)]
#[get("/v1/booklets/{id}/audit")]
async fn list_audit_events(
    ctx: Ctx,
    id: Id,
    paging: Paging<event::Entity>,
) -> Result<Page<AuditEvent>> {
    let db = ctx.state.db.reader();
    let page = paging.fetch(db, store::list(&ctx, *id)).await?;
    let page = ctx.in_booklet(*id, page).await?;
    let page = page.map(|row| AuditEvent::shown(row, &ctx.state.keys));
    names::page_signed(&ctx, page).await
}
