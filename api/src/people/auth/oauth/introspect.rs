//! What a token is worth now, for programs that are shown tokens of others (RFC 7662).

use actix_web::{HttpRequest, post};
use entity::values::UserState;
use entity::{session, user};
use uuid::Uuid;

use super::client;
use super::dto::{Introspection, TokenInQuestion};
use super::form::Form;
use crate::foundation::scope::Scope;
use crate::foundation::unscoped;
use crate::kit::{Call, Code, Problem, Result, Whole};
use crate::people::auth::identity::recognise;
use crate::people::auth::refresh;
use crate::people::auth::tokens::{self, PUBLIC_CLIENT};

/// Look into a token
///
/// Says to a service account whether the service would take this access or refresh token now, and
/// whose it is. `{"active": false}` for what is unknown, expired, revoked, of somebody disabled, or
/// of another organization.
#[utoipa::path(
    tag = "Identity",
    // OAuth 2.0 has one answer to all that is malformed: 400.
    extensions(("x-never" = json!([422]))),
    security(()),
    request_body(content = TokenInQuestion, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "What it is worth", body = Introspection))
)]
#[post("/oauth/introspect")]
pub(super) async fn introspect_token(
    call: Call,
    request: HttpRequest,
    form: Form<TokenInQuestion>,
) -> Result<Whole<Introspection>> {
    let Form(form) = form;
    let client = client::authenticate(&call, &request, form.client_id, form.client_secret).await?;
    let organization_id = client.program()?.account.organization_id;
    let found = match refresh::parse(&form.token) {
        Some(parts) => of_refresh(&call, &parts).await?,
        None => of_access(&call, &form.token).await?,
    };
    let found = found.filter(|found| found.org == Some(organization_id));
    Ok(Whole(found.unwrap_or_default()))
}

async fn of_access(call: &Call, token: &str) -> Result<Option<Introspection>> {
    let known = async {
        let known = tokens::verify(call, token).await?;
        let actor = recognise(call, &known.claims).await?;
        Ok::<_, Problem>((known, actor))
    };
    let (known, actor) = match known.await {
        Ok(known) => known,
        Err(problem) if problem.code() == Code::Unauthenticated => {
            return Ok(None);
        }
        Err(problem) => return Err(problem),
    };
    let claims = known.claims.clone();
    let scope = claims.scope.is_some().then(|| Scope::joined(&actor.scopes));
    Ok(Some(Introspection {
        active: true,
        scope,
        client_id: Some(claims.client_id),
        token_type: Some("Bearer"),
        exp: Some(claims.exp),
        iat: Some(claims.iat),
        nbf: Some(claims.nbf),
        sub: Some(claims.sub),
        aud: Some(claims.aud),
        iss: Some(claims.iss),
        jti: Some(claims.jti),
        sid: claims.sid,
        role: Some(actor.role),
        org: actor.organization_id,
    }))
}

/// The one that renews the session next. Looking does not use it up.
async fn of_refresh(call: &Call, parts: &refresh::Parts) -> Result<Option<Introspection>> {
    let Some((session, user)) = find(call, parts.session_id).await? else {
        return Ok(None);
    };
    let is_live = refresh::is_genuine(&call.state.keys, &session, parts)
        && parts.generation == session.generation
        && session.revoked_at.is_none()
        && session.expires_at > call.now
        && user.state == UserState::Active;
    Ok(is_live.then(|| Introspection {
        active: true,
        client_id: Some(PUBLIC_CLIENT.to_owned()),
        exp: Some(session.expires_at.timestamp()),
        iat: Some(session.rotated_at.timestamp()),
        sub: Some(user.id),
        iss: Some(call.state.config.public_url()),
        sid: Some(session.id),
        role: Some(user.role),
        org: user.organization_id,
        ..Introspection::default()
    }))
}

async fn find(call: &Call, session_id: Uuid) -> Result<Option<(session::Model, user::Model)>> {
    let db = call.state.db.reader();
    // Whoever it is, the token says.
    let Some(session) = unscoped::row::<session::Entity>(session_id).one(db).await? else {
        return Ok(None);
    };
    let user = unscoped::row::<user::Entity>(session.user_id)
        .one(db)
        .await?;
    Ok(user.map(|user| (session, user)))
}
