//! Sessions over HTTP.

use actix_web::{delete, get, post};
use entity::{session, user};

use super::dto::Session;
use super::store;
use crate::kit::{Ctx, Event, Id, IfMatch, NoContent, Page, Paging, Result, Routes, Tagged, verb};
use crate::people::auth::sessions::end_all;
use crate::people::users::store::to_act_on;

pub(crate) fn routes(api: &mut Routes) {
    api.service(list_my_sessions)
        .service(end_my_other_sessions)
        .service(get_my_session)
        .service(end_my_session)
        .service(sign_user_out);
}

/// List my sessions
///
/// One's own sessions.
/// The devices and browsers on which one is signed in, last renewed first.
#[utoipa::path(
    tag = "Identity",
    extensions(("x-policy" = json!("me.read"))),
    params(Paging<session::Entity>),
    responses((status = 200, description = "A page of sessions", body = Page<Session>))
)]
#[get("/v1/me/sessions")]
async fn list_my_sessions(ctx: Ctx, paging: Paging<session::Entity>) -> Result<Page<Session>> {
    let query = ctx.select::<session::Entity>();
    let page = paging.fetch(ctx.state.db.reader(), query).await?;
    let current = ctx.actor.session_id;
    Ok(page.map(|row| Session::seen_from(current, row)))
}

/// Get a session of mine
///
/// One of one's own sessions.
/// Its version rises each time that it is renewed.
#[utoipa::path(
    tag = "Identity",
    extensions(("x-policy" = json!("me.read"))),
    responses((status = 200, description = "The session", body = Session))
)]
#[get("/v1/me/sessions/{id}")]
async fn get_my_session(ctx: Ctx, id: Id) -> Result<Tagged<Session>> {
    let row = ctx.row::<session::Entity>(*id).await?;
    let current = ctx.actor.session_id;
    Ok(Tagged::with(&row.clone(), Session::seen_from(current, row)))
}

/// End a session of mine
///
/// Ends one of one's own sessions.
/// From the next request on it is refused. `If-Match: *` ends it whether it was renewed since or not.
#[utoipa::path(
    tag = "Identity",
    extensions(("x-policy" = json!("me.update")), ("x-never" = json!([409]))),
    responses((status = 204, description = "The session has ended"))
)]
#[delete("/v1/me/sessions/{id}")]
async fn end_my_session(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row = tx.row_to_change::<session::Entity>(*id, &if_match).await?;
    store::end(&tx, row).await?;
    let event = store::told_of_oneself(&tx, verb::SessionEnded).await?;
    tx.commit(event).await?;
    Ok(NoContent)
}

/// End my other sessions
///
/// Ends the other sessions of whoever asks.
/// All but the one that this request belongs to, from the next request on; what an identity provider
/// signed until now ends too.
#[utoipa::path(
    tag = "Identity",
    extensions(("x-policy" = json!("me.update")), ("x-never" = json!([409]))),
    responses((status = 204, description = "The other sessions have ended"))
)]
#[post("/v1/me/end-other-sessions")]
async fn end_my_other_sessions(ctx: Ctx) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    end_all(tx.db(), tx.actor.id, tx.actor.session_id, tx.now).await?;
    let event = store::told_of_oneself(&tx, verb::OtherSessionsEnded).await?;
    tx.commit(event).await?;
    Ok(NoContent)
}

/// Sign a user out
///
/// Signs a user out.
/// Ends all their sessions and what identity providers signed for them, from the next request on. They
/// may sign in again: disable the account to
/// keep them out.
#[utoipa::path(
    tag = "People",
    extensions(("x-policy" = json!("users.sign_out")), ("x-never" = json!([409]))),
    params(IfMatch),
    responses((status = 204, description = "The user is signed out"))
)]
#[post("/v1/users/{id}/sign-out")]
async fn sign_user_out(ctx: Ctx, id: Id, if_match: IfMatch) -> Result<NoContent> {
    let tx = ctx.begin().await?;
    let row: user::Model = to_act_on(&tx, *id, &if_match).await?;
    end_all(tx.db(), row.id, None, tx.now).await?;
    tx.commit(Event::new(&row, verb::SignedOut)).await?;
    Ok(NoContent)
}
