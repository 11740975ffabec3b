//! Search over HTTP.

use actix_web::get;
use actix_web::web::Query;

use super::dto::{Found, Sought};
use super::store;
use crate::kit::{Ctx, Result, Routes, Whole};

pub(crate) fn routes(api: &mut Routes) {
    api.service(search);
}

/// Search people and addresses
///
/// Searches people and addresses by name.
/// Candidates, their booklets, users and bodies of the directory within reach, ten of a kind at most, the
/// best first. Names are found though a letter is wrong, missing or in another place; a telephone number
/// however it is written. What the caller's role or a program's scopes do not permit stays empty.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("candidates.read"))),
    params(Sought),
    responses((status = 200, description = "What was found", body = Found))
)]
#[get("/v1/search")]
async fn search(ctx: Ctx, sought: Query<Sought>) -> Result<Whole<Found>> {
    Ok(Whole(store::find(&ctx, &sought.q).await?))
}
