//! The whole booklet over HTTP.

use std::sync::Arc;

use actix_web::{HttpRequest, get};

use super::dto::FullBooklet;
use super::store;
use crate::kit::held::hold;
use crate::kit::{Ctx, Id, Result, Routes, Whole};

pub(crate) fn routes(api: &mut Routes) {
    api.service(get_full_booklet);
}

/// Get a whole booklet
///
/// A whole booklet.
/// All its sections in one answer, as far as the reader may see them: another's private notes are
/// not there. One of more than 8 MiB is refused (422), and is read section by section; each person
/// reads two at a time.
#[utoipa::path(
    tag = "Booklets",
    // Not everything fits into one answer.
    extensions(("x-policy" = json!("full_booklet.read")), ("x-also" = json!([422]))),
    responses((status = 200, description = "The whole booklet", body = FullBooklet))
)]
#[get("/v1/booklets/{id}/full")]
async fn get_full_booklet(ctx: Ctx, id: Id, request: HttpRequest) -> Result<Whole<FullBooklet>> {
    if let Some(turn) = ctx.state.full.enter(ctx.actor.id)? {
        hold(&request, Arc::new(turn));
    }
    let booklet = ctx.booklet(*id).await?;
    Ok(Whole(store::read(&ctx, booklet).await?))
}
