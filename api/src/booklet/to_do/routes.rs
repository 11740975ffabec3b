//! What is to be done, over HTTP.

use actix_web::get;
use actix_web::web::Query;

use super::branches::Asked;
use super::dto::{Portion, ToDo, ToDoCounts, ToDoFilter};
use super::place::Place;
use super::{counts, store};
use crate::kit::{Ctx, Page, Result, Routes, Whole};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_to_do).service(get_to_do_counts);
}

/// List things to do
///
/// Things to do.
/// Across the booklets within reach that are at work: what waits for candidates, tutors and
/// coordinators, what is due first coming first, what has no day last. Each line is made from the
/// pages themselves by the rules that decide on what may be done, and goes when it is done.
/// `waiting_for=me` shows what waits for whoever asks; for coordinators, what waits for the tutors of the booklets
/// whose tutor they are, and imports and webhooks. Suspended, closed and withdrawn booklets ask
/// for nothing; imports and webhooks are shown to coordinators. Programs are told the kinds, not the
/// words of items and steps.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("to_do.read"))),
    params(ToDoFilter, Portion),
    responses((status = 200, description = "A page of things to do", body = Page<ToDo>))
)]
#[get("/v1/to-do")]
async fn list_to_do(
    ctx: Ctx,
    filter: Query<ToDoFilter>,
    portion: Query<Portion>,
) -> Result<Page<ToDo>> {
    // A cursor is good for the question that it is of.
    let list = format!("/v1/to-do {filter:?}");
    let after = portion.after.as_deref().filter(|after| !after.is_empty());
    let after = after
        .map(|after| Place::open(after, &ctx, &list))
        .transpose()?;
    let limit = portion.limit.unwrap_or(20);
    let asked = Asked::by(&ctx, &filter).await?;
    let mut found = store::page(&asked, after, limit + 1).await?;
    let is_more = found.len() as u64 > limit;
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let last = found.last().filter(|_| is_more).map(|(place, _)| *place);
    Ok(Page {
        items: found.into_iter().map(|(_, shown)| shown).collect(),
        next: last.map(|place| place.seal(&ctx, &list)).transpose()?,
    })
}

/// Count things to do
///
/// Counts things to do.
/// The same things by kind and by main tutor, and how many of them are overdue.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("to_do.read"))),
    params(ToDoFilter),
    responses((status = 200, description = "How much is to be done", body = ToDoCounts))
)]
#[get("/v1/to-do/counts")]
async fn get_to_do_counts(ctx: Ctx, filter: Query<ToDoFilter>) -> Result<Whole<ToDoCounts>> {
    let asked = Asked::by(&ctx, &filter).await?;
    Ok(Whole(counts::of(&asked).await?))
}
