//! Milestones over HTTP.

use actix_web::get;
use entity::booklet;

use super::dto::Milestones;
use super::store;
use crate::kit::{Code, Ctx, Id, Page, Paging, Problem, Result, Routes, Whole};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_milestones).service(get_milestones);
}

/// List milestones
///
/// The milestones of booklets.
/// How far each booklet within reach has come, newest first: where prescribers and validators find
/// the booklets they referred or are assigned to.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("milestones.read"))),
    params(Paging<store::MilestonesList>),
    responses((status = 200, description = "A page of milestones", body = Page<Milestones>))
)]
#[get("/v1/milestones")]
async fn list_milestones(
    ctx: Ctx,
    paging: Paging<store::MilestonesList>,
) -> Result<Page<Milestones>> {
    let db = ctx.state.db.reader();
    let page = paging.fetch(db, ctx.select::<booklet::Entity>()).await?;
    let items = store::read(&ctx, page.items).await?;
    Ok(Page {
        items,
        next: page.next,
    })
}

/// Get the milestones of a booklet
///
/// The milestones of a booklet.
/// Whose it is, and how far it has come: states and dates of contract, plan, appointments and stages, no free text.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("milestones.read"))),
    responses((status = 200, description = "The milestones", body = Milestones))
)]
#[get("/v1/booklets/{id}/milestones")]
async fn get_milestones(ctx: Ctx, id: Id) -> Result<Whole<Milestones>> {
    let booklet = ctx.booklet(*id).await?;
    let read = store::read(&ctx, vec![booklet]).await?;
    read.into_iter()
        .next()
        .map(Whole)
        .ok_or(Problem::new(Code::NotFound))
}
