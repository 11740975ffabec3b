//! The whole booklet over HTTP.

use actix_web::get;

use super::dto::FullBooklet;
use super::store;
use crate::kit::{Ctx, Id, Result, Routes, Whole};

pub(crate) fn routes(api: &mut Routes) {
    api.service(get_full_booklet);
}

/// Get a whole booklet
///
/// All its sections in one answer, as far as the reader may see them: another's private notes are
/// not there.
#[utoipa::path(
    tag = "01 Booklets",
    extensions(("x-policy" = json!("full_booklet.read"))),
    responses((status = 200, description = "The whole booklet", body = FullBooklet))
)]
#[get("/v1/booklets/{id}/full")]
async fn get_full_booklet(ctx: Ctx, id: Id) -> Result<Whole<FullBooklet>> {
    let booklet = ctx.booklet(*id).await?;
    Ok(Whole(store::read(&ctx, booklet).await?))
}
