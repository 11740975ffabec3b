//! Booklets over HTTP.

use actix_web::web::Query;
use actix_web::{get, patch, post};
use entity::booklet;
use entity::values::Role;
use uuid::Uuid;

use super::board::dto::{BookletCounts, BookletFilter, GroupBy, Grouping};
use super::board::{counts, filter};
use super::dto::{Booklet, BookletEdit, BookletInput};
use super::include::{BookletPart, shown};
use super::{actions, external, lifecycle, writing};
use crate::kit::external_references::{self, ReferenceFilter};
use crate::kit::write::tx::writable;
use crate::kit::{
    Code, Created, Ctx, Edited, Event, Id, IfMatch, Include, Json, MergePatch, Page, Paging,
    Problem, Result, Routes, Tagged, Tx, Whole, new_id,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_booklets)
        .service(get_booklet_counts)
        .service(create_booklet)
        .service(get_booklet)
        .service(update_booklet)
        .configure(external::routes)
        .configure(lifecycle::routes)
        .configure(actions::routes);
}

/// List booklets
///
/// The booklets within reach, newest first: a candidate's own, those a tutor is now a member of,
/// all of the organization for coordinators and integrations. `include=summary` adds what a board shows
/// of each: who, the contract, the plan, the last and the next contact, what is overdue. Where the day
/// that `sort` names is missing, a booklet comes after all others; by `next_appointment_at`, those with a
/// planned appointment that is over come first.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.read"))),
    params(BookletFilter, ReferenceFilter, Include<BookletPart>, Paging<booklet::Entity>),
    responses((status = 200, description = "A page of booklets", body = Page<Booklet>))
)]
#[get("/v1/booklets")]
async fn list_booklets(
    ctx: Ctx,
    asked: Query<BookletFilter>,
    reference: Query<ReferenceFilter>,
    include: Include<BookletPart>,
    paging: Paging<booklet::Entity>,
) -> Result<Page<Booklet>> {
    let db = ctx.state.db.reader();
    let query = external_references::narrow(&ctx, filter::list(&ctx, &asked), &reference);
    let page = paging.fetch(db, query).await?;
    Ok(Page {
        items: shown(&ctx, page.items, &include).await?,
        next: page.next,
    })
}

/// Count booklets
///
/// Counts booklets.
/// How many of those within reach there are in each state, with each main tutor or at each stage, and how
/// many of them have something overdue. The filters are those of the list.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.read"))),
    params(Grouping, BookletFilter),
    responses((status = 200, description = "How many booklets there are", body = BookletCounts))
)]
#[get("/v1/booklets/counts")]
async fn get_booklet_counts(
    ctx: Ctx,
    grouping: Query<Grouping>,
    asked: Query<BookletFilter>,
) -> Result<Whole<BookletCounts>> {
    let group_by = grouping.group_by.unwrap_or(GroupBy::State);
    Ok(Whole(counts::by(&ctx, &asked, group_by).await?))
}

/// Open a booklet
///
/// Opens a booklet.
/// For a candidate and a main tutor of the organization. It comes with an empty plan and the five
/// stages of the VAE, not started.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.create"))),
    responses((status = 201, description = "The booklet, open", body = Booklet))
)]
#[post("/v1/booklets")]
async fn create_booklet(ctx: Ctx, body: Json<BookletInput>) -> Result<Created<Booklet>> {
    created(ctx.begin().await?, new_id(), body.0).await
}

pub(super) async fn created(mut tx: Tx, id: Uuid, new: BookletInput) -> Result<Created<Booklet>> {
    let references = new.external_references.clone();
    let row = writing::open(&mut tx, id, new).await?;
    let ctx = tx.commit(Event::created(&row)).await?;
    Ok(Created::with(
        &row.clone(),
        Booklet::on(ctx.today, row, references),
    ))
}

/// Get a booklet
///
/// The booklet itself; its pages are under it, and all of them in `/full`.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.read"))),
    params(Include<BookletPart>),
    responses((status = 200, description = "The booklet", body = Booklet))
)]
#[get("/v1/booklets/{id}")]
async fn get_booklet(ctx: Ctx, id: Id, include: Include<BookletPart>) -> Result<Tagged<Booklet>> {
    let row = ctx.booklet(*id).await?;
    let booklet = shown(&ctx, vec![row.clone()], &include).await?.pop();
    let booklet = booklet.ok_or(Problem::new(Code::NotFound))?;
    Ok(Tagged::with(&row, booklet).including(&include))
}

/// Change a booklet
///
/// Changes a booklet.
/// A tutor changes purpose, certification and target date; coordinators and integrations also
/// assign its people and its external references.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.update"))),
    request_body(content = BookletEdit, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "The booklet, changed", body = Booklet))
)]
#[patch("/v1/booklets/{id}")]
async fn update_booklet(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    patch: MergePatch<BookletEdit>,
) -> Result<Tagged<Booklet>> {
    let assigns = ["tutor_id", "prescriber_id", "validator_id"]
        .iter()
        .any(|name| patch.names(name));
    let links = patch.names("external_references");
    if (assigns || links) && ctx.actor.role == Role::Tutor {
        return Err(Problem::new(Code::Forbidden));
    }
    let tx = ctx.begin().await?;
    let row = tx.booklet(*id).await?;
    if_match.require(&row)?;
    writable(&row)?;
    let known = external_references::of_row(tx.db(), &row).await?;
    let edit = patch.apply(&BookletEdit::of(&row, known))?;
    changed(tx, &row, edit).await
}

pub(super) async fn changed(
    mut tx: Tx,
    row: &booklet::Model,
    edit: Edited<BookletEdit>,
) -> Result<Tagged<Booklet>> {
    let names = edit.changed.clone();
    let row = writing::edit(&mut tx, row, edit).await?;
    answer(tx, Event::updated(&row, names), row).await
}

pub(super) async fn answer(tx: Tx, event: Event, row: booklet::Model) -> Result<Tagged<Booklet>> {
    let references = external_references::of_row(tx.db(), &row).await?;
    let booklet = Booklet::on(tx.today, row.clone(), references);
    tx.commit(event).await?;
    Ok(Tagged::with(&row, booklet))
}
