//! Booklets over HTTP.

use actix_web::web::Query;
use actix_web::{get, patch, post};
use entity::booklet;
use entity::values::{BookletState, Role};
use sea_orm::Set;
use utoipa_actix_web::service_config::ServiceConfig;

use super::dto::{Booklet, BookletEdit, BookletFilter, Closing, NewBooklet, Reason};
use super::{opening, rules, store};
use crate::contracts::store::end_contracts;
use crate::external_references::{self, ReferenceFilter};
use crate::kit::tx::writable;
use crate::kit::{
    Code, Created, Ctx, Event, Id, IfMatch, Json, MergePatch, Page, Paging, Problem, Result,
    Tagged, Tx,
};

pub(crate) fn routes(api: &mut ServiceConfig) {
    api.service(list_booklets)
        .service(create_booklet)
        .service(get_booklet)
        .service(update_booklet)
        .service(suspend_booklet)
        .service(resume_booklet)
        .service(close_booklet)
        .service(withdraw_booklet)
        .service(reopen_booklet)
        .service(archive_booklet);
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
    shown(&ctx, row).await
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
    if edit.value.tutor_id != row.tutor_id {
        opening::change_tutor(&mut tx, &row, edit.value.tutor_id).await?;
    }
    if assigns {
        opening::check_watchers(&tx, edit.value.prescriber_id, edit.value.validator_id).await?;
    }
    if links {
        external_references::replace(&tx, &row, &edit.value.external_references).await?;
    }
    let row = tx
        .update(&row, booklet::ActiveModel::from(edit.value))
        .await?;
    answer(tx, Event::updated(&row, edit.changed), row).await
}

/// Suspend a booklet
///
/// For a while, with a reason. Its pages may still be written.
#[utoipa::path(
    tag = "01 Booklets",
    extensions(("x-policy" = json!("booklets.suspend"))),
    responses((status = 200, description = "The booklet, suspended", body = Booklet))
)]
#[post("/v1/booklets/{id}/suspend")]
async fn suspend_booklet(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<Reason>,
) -> Result<Tagged<Booklet>> {
    let (tx, row) = begin(ctx, &id, &if_match).await?;
    rules::may_suspend(&row)?;
    let change = booklet::ActiveModel {
        state: Set(BookletState::Suspended),
        suspension_reason: Set(Some(body.0.reason)),
        ..Default::default()
    };
    let row = tx.update(&row, change).await?;
    answer(tx, Event::new(&row, "suspended"), row).await
}

/// Resume a booklet
///
/// Active again when a contract is in force, else open.
#[utoipa::path(
    tag = "01 Booklets",
    extensions(("x-policy" = json!("booklets.suspend"))),
    responses((status = 200, description = "The booklet, resumed", body = Booklet))
)]
#[post("/v1/booklets/{id}/resume")]
async fn resume_booklet(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<Booklet>> {
    let (tx, row) = begin(ctx, &id, &if_match).await?;
    rules::may_resume(&row)?;
    let change = booklet::ActiveModel {
        state: Set(rules::working_state(&row, tx.today)),
        suspension_reason: Set(None),
        ..Default::default()
    };
    let row = tx.update(&row, change).await?;
    answer(tx, Event::new(&row, "resumed"), row).await
}

/// Close a booklet
///
/// With what the jury granted. A contract in force ends; nothing but notes is written any more.
#[utoipa::path(
    tag = "01 Booklets",
    extensions(("x-policy" = json!("booklets.close"))),
    responses((status = 200, description = "The booklet, closed", body = Booklet))
)]
#[post("/v1/booklets/{id}/close")]
async fn close_booklet(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<Closing>,
) -> Result<Tagged<Booklet>> {
    let Json(closing) = body;
    let change = booklet::ActiveModel {
        state: Set(BookletState::Closed),
        outcome: Set(Some(closing.outcome)),
        closure_reason: Set(closing.reason),
        ..Default::default()
    };
    end(ctx, &id, &if_match, change, "closed").await
}

/// Withdraw a booklet
///
/// The candidate gives up (abandon), with a reason. A contract in force ends.
#[utoipa::path(
    tag = "01 Booklets",
    extensions(("x-policy" = json!("booklets.close"))),
    responses((status = 200, description = "The booklet, withdrawn", body = Booklet))
)]
#[post("/v1/booklets/{id}/withdraw")]
async fn withdraw_booklet(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<Reason>,
) -> Result<Tagged<Booklet>> {
    let change = booklet::ActiveModel {
        state: Set(BookletState::Withdrawn),
        closure_reason: Set(Some(body.0.reason)),
        ..Default::default()
    };
    end(ctx, &id, &if_match, change, "withdrawn").await
}

/// Reopen a booklet
///
/// Closed, withdrawn or archived, it is open again, with a reason. Its contract stays ended.
#[utoipa::path(
    tag = "01 Booklets",
    extensions(("x-policy" = json!("booklets.close"))),
    responses((status = 200, description = "The booklet, open again", body = Booklet))
)]
#[post("/v1/booklets/{id}/reopen")]
async fn reopen_booklet(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<Reason>,
) -> Result<Tagged<Booklet>> {
    let (tx, row) = begin(ctx, &id, &if_match).await?;
    rules::may_reopen(&row)?;
    let change = booklet::ActiveModel {
        state: Set(BookletState::Open),
        reopening_reason: Set(Some(body.0.reason)),
        closed_on: Set(None),
        closure_reason: Set(None),
        outcome: Set(None),
        archived_at: Set(None),
        ..Default::default()
    };
    let row = tx.update(&row, change).await?;
    answer(tx, Event::new(&row, "reopened"), row).await
}

/// Archive a booklet
///
/// Closed or withdrawn, it goes to the archive.
#[utoipa::path(
    tag = "01 Booklets",
    extensions(("x-policy" = json!("booklets.close"))),
    responses((status = 200, description = "The booklet, archived", body = Booklet))
)]
#[post("/v1/booklets/{id}/archive")]
async fn archive_booklet(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<Tagged<Booklet>> {
    let (tx, row) = begin(ctx, &id, &if_match).await?;
    rules::may_archive(&row)?;
    let change = booklet::ActiveModel {
        archived_at: Set(Some(tx.now)),
        ..Default::default()
    };
    let row = tx.update(&row, change).await?;
    answer(tx, Event::new(&row, "archived"), row).await
}

async fn begin(ctx: Ctx, id: &Id, if_match: &IfMatch) -> Result<(Tx, booklet::Model)> {
    let tx = ctx.begin().await?;
    let row = tx.booklet(**id).await?;
    if_match.honour(&row)?;
    Ok((tx, row))
}

async fn end(
    ctx: Ctx,
    id: &Id,
    if_match: &IfMatch,
    change: booklet::ActiveModel,
    verb: &'static str,
) -> Result<Tagged<Booklet>> {
    let (mut tx, row) = begin(ctx, id, if_match).await?;
    rules::may_close(&row)?;
    end_contracts(&mut tx, &row).await?;
    let change = booklet::ActiveModel {
        closed_on: Set(Some(tx.today)),
        suspension_reason: Set(None),
        in_force_until: Set(None),
        ..change
    };
    let row = tx.update(&row, change).await?;
    answer(tx, Event::new(&row, verb), row).await
}

async fn answer(tx: Tx, event: Event, row: booklet::Model) -> Result<Tagged<Booklet>> {
    let ctx = tx.commit(event).await?;
    shown(&ctx, row).await
}

async fn shown(ctx: &Ctx, row: booklet::Model) -> Result<Tagged<Booklet>> {
    let references = external_references::of_row(ctx.state.db.reader(), &row).await?;
    Ok(Tagged::with(
        &row.clone(),
        Booklet::on(ctx.today, row, references),
    ))
}
