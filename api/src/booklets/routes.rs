//! Booklets over HTTP.

use actix_web::web::Query;
use actix_web::{get, patch, post};
use entity::booklet;
use entity::values::Role;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::dto::{Booklet, BookletEdit, BookletFilter, NewBooklet};
use super::{lifecycle, opening, rules, store};
use crate::external_references::{self, ReferenceFilter};
use crate::kit::tx::writable;
use crate::kit::{
    Code, Created, Ctx, Event, Id, IfMatch, Json, MergePatch, Page, Paging, Problem, Result,
    Routes, Tagged, Tx,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_booklets)
        .service(create_booklet)
        .service(get_booklet)
        .service(update_booklet)
        .configure(lifecycle::routes);
}

/// List booklets
///
/// The booklets within reach, newest first: a candidate's own, those a tutor is now a member of,
/// all of the organization for coordinators and integrations.
#[utoipa::path(
    tag = "01 Booklets",
    extensions(("x-policy" = json!("booklets.read"))),
    params(BookletFilter, ReferenceFilter, Paging),
    responses((status = 200, description = "A page of booklets", body = Page<Booklet>))
)]
#[get("/v1/booklets")]
async fn list_booklets(
    ctx: Ctx,
    filter: Query<BookletFilter>,
    reference: Query<ReferenceFilter>,
    paging: Paging,
) -> Result<Page<Booklet>> {
    let db = ctx.state.db.reader();
    let query = external_references::narrow(&ctx, store::list(&ctx, &filter), &reference);
    let page = paging.fetch(db, query).await?;
    let mut references = external_references::of_rows(db, &page.items).await?;
    Ok(page.map(|row| {
        let references = references.remove(&row.id).unwrap_or_default();
        Booklet::on(ctx.today, row, references)
    }))
}

/// Open a booklet
///
/// For a candidate and a main tutor of the organization. It comes with an empty plan and the five
/// stages of the VAE, not started.
#[utoipa::path(
    tag = "01 Booklets",
    extensions(("x-policy" = json!("booklets.create"))),
    responses((status = 201, description = "The booklet, open", body = Booklet))
)]
#[post("/v1/booklets")]
async fn create_booklet(ctx: Ctx, body: Json<NewBooklet>) -> Result<Created<Booklet>> {
    let mut tx = ctx.begin().await?;
    let references = body.external_references.clone();
    let row = opening::open(&mut tx, body.0).await?;
    external_references::replace(&tx, &row, &references).await?;
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
    tag = "01 Booklets",
    extensions(("x-policy" = json!("booklets.read"))),
    responses((status = 200, description = "The booklet", body = Booklet))
)]
#[get("/v1/booklets/{id}")]
async fn get_booklet(ctx: Ctx, id: Id) -> Result<Tagged<Booklet>> {
    let row = ctx.booklet(*id).await?;
    shown(&ctx, ctx.state.db.reader(), row).await
}

/// Change a booklet
///
/// A tutor changes purpose, certification and target date; coordinators and integrations also
/// assign its people and its external references.
#[utoipa::path(
    tag = "01 Booklets",
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
    let mut tx = ctx.begin().await?;
    let row = tx.booklet(*id).await?;
    if_match.require(&row)?;
    writable(&row)?;
    let known = external_references::of_row(tx.db(), &row).await?;
    let edit = patch.apply(&BookletEdit::of(&row, known))?;
    rules::closes_after_opening(row.opened_on, edit.value.target_closing_on)?;
    if edit.value.tutor_id != row.tutor_id {
        opening::change_tutor(&mut tx, &row, edit.value.tutor_id).await?;
    }
    let prescriber = newly(edit.value.prescriber_id, row.prescriber_id);
    let validator = newly(edit.value.validator_id, row.validator_id);
    opening::check_watchers(&tx, prescriber, validator).await?;
    if links {
        external_references::replace(&tx, &row, &edit.value.external_references).await?;
    }
    let row = tx
        .update(&row, booklet::ActiveModel::from(edit.value))
        .await?;
    answer(tx, Event::updated(&row, edit.changed), row).await
}

/// Who is named now and was not before: somebody disabled since stays named.
fn newly(named: Option<Uuid>, before: Option<Uuid>) -> Option<Uuid> {
    named.filter(|_| named != before)
}

pub(super) async fn answer(tx: Tx, event: Event, row: booklet::Model) -> Result<Tagged<Booklet>> {
    let shown = shown(&tx, tx.db(), row).await?;
    tx.commit(event).await?;
    Ok(shown)
}

async fn shown(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    row: booklet::Model,
) -> Result<Tagged<Booklet>> {
    let references = external_references::of_row(db, &row).await?;
    Ok(Tagged::with(
        &row.clone(),
        Booklet::on(ctx.today, row, references),
    ))
}
