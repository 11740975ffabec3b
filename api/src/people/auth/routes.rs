//! Signing in and out, and oneself.

use actix_web::{HttpRequest, get, patch, post};
use entity::user;
use entity::values::UserState;
use sea_orm::Set;

use super::attempts::Attempt;
use super::authenticate;
use super::dto::{Credentials, Me, MyContact, RefreshToken, SessionEnd, Tokens};
use super::place::Place;
use super::sessions;
use super::store::find_user;
use crate::foundation::state::passwords::Guest;
use crate::kit::request::identify::bearer;
use crate::kit::request::proof::Ask;
use crate::kit::{
    Call, Code, Ctx, Event, IfMatch, Json, MergePatch, NoContent, Problem, Result, Routes, Tagged,
    Who, Whole,
};

pub(crate) fn routes(api: &mut Routes) {
    api.service(log_in)
        .service(refresh)
        .service(log_out)
        .configure(super::oauth::routes)
        .service(get_me)
        .service(update_me);
}

/// Sign in
///
/// Signs somebody in by e-mail address and password.
/// Answers an access token that lives for 15 minutes and a refresh token that renews it. Unknown
/// address, wrong password and inactive account get one same answer; after some failures it is 429
/// for a while.
#[utoipa::path(tag = "Identity", security(()), responses((status = 200, description = "Tokens of a new session", body = Tokens)))]
#[post("/v1/auth/login")]
async fn log_in(call: Call, place: Place, body: Json<Credentials>) -> Result<Whole<Tokens>> {
    let Json(login) = body;
    let email = login.email.to_ascii_lowercase();
    let attempt = Attempt::begin(&call, &email).await?;
    let user = find_user(&call, &email).await?;
    if let Some(user) = &user {
        call.traces.claimed(Who::person(user, None));
    }
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let guest = Guest::Stranger(call.address);
    let is_right = call
        .state
        .passwords
        .verify(guest, login.password, hash)
        .await?;
    let user = user
        .filter(|user| is_right && user.state == UserState::Active)
        .ok_or(Problem::new(Code::InvalidCredentials))?;
    attempt.succeeded(&call).await?;
    Ok(Whole(sessions::open(&call, &user, place).await?))
}

/// Renew an access token
///
/// Each refresh token works once: the answer holds the next. The use of an old one ends the
/// session.
#[utoipa::path(tag = "Identity", security(()), responses((status = 200, description = "The session's next tokens", body = Tokens)))]
#[post("/v1/auth/refresh")]
async fn refresh(call: Call, body: Json<RefreshToken>) -> Result<Whole<Tokens>> {
    Ok(Whole(sessions::renew(&call, &body.refresh_token).await?))
}

/// Sign out
///
/// Signs somebody out.
/// Ends the session of this refresh token or, without one, of the access token in the header
/// `Authorization`: its access tokens are refused from the next request on.
#[utoipa::path(
    tag = "Identity",
    security((), ("token" = [])),
    request_body = Option<SessionEnd>,
    responses((status = 204, description = "The session has ended"))
)]
#[post("/v1/auth/logout")]
async fn log_out(call: Call, request: HttpRequest, body: Json<SessionEnd>) -> Result<NoContent> {
    match body.0.refresh_token {
        Some(token) => sessions::close(&call, &token).await?,
        None => {
            let token = bearer(request.headers()).ok_or(Problem::new(Code::Unauthenticated))?;
            let actor = authenticate(&call, token, Ask::First).await?;
            sessions::leave(&call, &actor).await?;
        }
    }
    Ok(NoContent)
}

/// Get my account
///
/// The account of whoever asks.
/// The person whose token this is: name, role, organization and language.
#[utoipa::path(tag = "Identity", extensions(("x-policy" = json!("me.read"))), responses((status = 200, description = "Oneself", body = Me)))]
#[get("/v1/me")]
async fn get_me(ctx: Ctx) -> Result<Tagged<Me>> {
    let id = ctx.actor.id;
    Ok(Tagged::of(ctx.row::<user::Entity>(id).await?))
}

/// Change my contact
///
/// Changes one's own contact.
/// Everybody may change their own telephone and language.
#[utoipa::path(
    tag = "Identity",
    extensions(("x-policy" = json!("me.update")), ("x-never" = json!([409]))),
    request_body(content = MyContact, content_type = "application/merge-patch+json"),
    responses((status = 200, description = "Oneself, changed", body = Me))
)]
#[patch("/v1/me")]
async fn update_me(
    ctx: Ctx,
    if_match: IfMatch,
    patch: MergePatch<MyContact>,
) -> Result<Tagged<Me>> {
    let tx = ctx.begin().await?;
    let row = tx
        .row_to_change::<user::Entity>(tx.actor.id, &if_match)
        .await?;
    let edit = patch.apply(&MyContact {
        phone: row.phone.clone(),
        locale: row.locale,
    })?;
    let change = user::ActiveModel {
        phone: Set(edit.value.phone),
        locale: Set(edit.value.locale),
        ..Default::default()
    };
    let row = tx
        .change(&row, change, edit.changed, Event::updated)
        .await?;
    Ok(Tagged::of(row))
}
