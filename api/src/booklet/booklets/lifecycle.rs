//! The life of a booklet over HTTP: suspended, resumed, closed, withdrawn, reopened, archived.

use actix_web::post;
use chrono::NaiveDate;
use entity::booklet;
use entity::values::BookletState;
use sea_orm::Set;

use super::acts::{Closing, Reason, Withdrawal};
use super::dto::Booklet;
use super::routes::answer;
use super::rules;
use crate::booklet::appointments::store::cancel_planned;
use crate::booklet::contracts::lifecycle::end_contracts;
use crate::foundation::event_types::{Told, Verb};
use crate::kit::{Ctx, Event, Id, IfMatch, Json, Result, Routes, Tagged, Tx, verb};

pub(super) fn routes(api: &mut Routes) {
    api.service(suspend_booklet)
        .service(resume_booklet)
        .service(close_booklet)
        .service(withdraw_booklet)
        .service(reopen_booklet)
        .service(archive_booklet);
}

/// Suspend a booklet
///
/// Suspends a booklet.
/// For a while, with a reason. Its pages may still be written.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.suspend"))),
    params(IfMatch),
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
    answer(tx, Event::new(&row, verb::Suspended), row).await
}

/// Resume a booklet
///
/// Resumes a booklet that was suspended.
/// Active again when a contract is in force, else open.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.suspend"))),
    params(IfMatch),
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
    answer(tx, Event::new(&row, verb::Resumed), row).await
}

/// Close a booklet
///
/// Closes a booklet.
/// With what the jury granted, and its day where that was before today. A contract in force ends, planned appointments are cancelled; nothing but notes is
/// written any more.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.close"))),
    params(IfMatch),
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
    let closed_on = closing.closed_on;
    end(ctx, &id, &if_match, closed_on, change, verb::Closed).await
}

/// Withdraw a booklet
///
/// Withdraws a booklet.
/// The candidate gives up (abandon), with a reason, and since when where that was before today. A contract in force
/// ends, planned appointments are cancelled.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.close"))),
    params(IfMatch),
    responses((status = 200, description = "The booklet, withdrawn", body = Booklet))
)]
#[post("/v1/booklets/{id}/withdraw")]
async fn withdraw_booklet(
    ctx: Ctx,
    id: Id,
    if_match: IfMatch,
    body: Json<Withdrawal>,
) -> Result<Tagged<Booklet>> {
    let closed_on = body.closed_on;
    let change = booklet::ActiveModel {
        state: Set(BookletState::Withdrawn),
        closure_reason: Set(Some(body.0.reason)),
        ..Default::default()
    };
    end(ctx, &id, &if_match, closed_on, change, verb::Withdrawn).await
}

/// Reopen a booklet
///
/// Reopens a booklet.
/// Closed, withdrawn or archived, it is open again, with a reason. Its contract stays ended, its appointments
/// cancelled.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.close"))),
    params(IfMatch),
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
        closed_at: Set(None),
        closure_reason: Set(None),
        outcome: Set(None),
        archived_at: Set(None),
        ..Default::default()
    };
    let row = tx.update(&row, change).await?;
    answer(tx, Event::new(&row, verb::Reopened), row).await
}

/// Archive a booklet
///
/// A booklet that is closed or withdrawn goes to the archive, where it is read and no longer written.
#[utoipa::path(
    tag = "Booklets",
    extensions(("x-policy" = json!("booklets.close"))),
    params(IfMatch),
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
    answer(tx, Event::new(&row, verb::Archived), row).await
}

async fn begin(ctx: Ctx, id: &Id, if_match: &IfMatch) -> Result<(Tx, booklet::Model)> {
    let tx = ctx.begin().await?;
    let row = tx.booklet(**id).await?;
    if_match.honour(&row)?;
    Ok((tx, row))
}

async fn end<V: Verb>(
    ctx: Ctx,
    id: &Id,
    if_match: &IfMatch,
    closed_on: Option<NaiveDate>,
    change: booklet::ActiveModel,
    verb: V,
) -> Result<Tagged<Booklet>>
where
    booklet::Model: Told<V>,
{
    let (mut tx, row) = begin(ctx, id, if_match).await?;
    rules::may_close(&row)?;
    let closed_on = rules::closed_on(&row, closed_on, tx.today)?;
    end_contracts(&mut tx, &row).await?;
    cancel_planned(&mut tx, &row).await?;
    let change = booklet::ActiveModel {
        closed_on: Set(Some(closed_on)),
        closed_at: Set(Some(tx.now)),
        suspension_reason: Set(None),
        in_force_until: Set(None),
        ..change
    };
    let row = tx.update(&row, change).await?;
    answer(tx, Event::new(&row, verb), row).await
}
