//! Tokens that are given up before they expire (RFC 7009).

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, post};
use chrono::TimeDelta;
use entity::revoked_token;
use sea_orm::sea_query::OnConflict;
use sea_orm::{EntityTrait, Set};

use super::client::{self, Client};
use super::dto::TokenInQuestion;
use super::form::Form;
use crate::kit::{Call, Code, Problem, Result};
use crate::people::auth::tokens::{self, Claims, LEEWAY, LIFETIME};
use crate::people::auth::{refresh, sessions};

/// 200, whose body means nothing.
#[derive(Debug)]
pub(super) struct Revoked;

impl Responder for Revoked {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().finish()
    }
}

/// Revoke a token
///
/// A person's access or refresh token ends its session, whoever holds it; a service account's access
/// token is refused from the next request on, and the account revokes its own alone. A token that
/// is unknown or has expired is no error.
#[utoipa::path(
    tag = "Identity",
    // OAuth 2.0 has one answer to all that is malformed: 400.
    extensions(("x-never" = json!([422]))),
    security(()),
    request_body(content = TokenInQuestion, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The token is worth nothing, or never was"))
)]
#[post("/oauth/revoke")]
pub(super) async fn revoke_token(
    call: Call,
    request: HttpRequest,
    form: Form<TokenInQuestion>,
) -> Result<Revoked> {
    let Form(form) = form;
    let client = client::authenticate(&call, &request, form.client_id, form.client_secret).await?;
    let revoked = if refresh::parse(&form.token).is_some() {
        revoke_session(&call, &client, &form.token).await
    } else {
        revoke_access(&call, &client, &form.token).await
    };
    match revoked {
        Err(problem) if is_unknown(&problem) => Ok(Revoked),
        done => done.map(|()| Revoked),
    }
}

/// What is no token any more needs no revocation.
fn is_unknown(problem: &Problem) -> bool {
    matches!(
        problem.code(),
        Code::Unauthenticated | Code::InvalidRefreshToken
    )
}

async fn revoke_session(call: &Call, client: &Client, token: &str) -> Result<()> {
    match client {
        Client::Public => sessions::close(call, token).await,
        Client::Program(_) => Err(Problem::new(Code::InvalidGrant)),
    }
}

async fn revoke_access(call: &Call, client: &Client, token: &str) -> Result<()> {
    let known = tokens::verify(call, token).await?;
    let claims = &known.claims;
    match (client, claims.sid) {
        (Client::Public, Some(session_id)) => sessions::end(call, session_id).await,
        (Client::Public, None) => Err(Problem::new(Code::InvalidClient)),
        (Client::Program(program), None) if program.account.id == claims.sub => {
            let organization_id = program.account.organization_id;
            note(call, claims, organization_id).await
        }
        // It was given to another client.
        (Client::Program(_), _) => Err(Problem::new(Code::InvalidGrant)),
    }
}

/// Remembers the token for as long as it would be accepted.
async fn note(call: &Call, claims: &Claims, organization_id: uuid::Uuid) -> Result<()> {
    let revoked = revoked_token::ActiveModel {
        jti: Set(claims.jti),
        organization_id: Set(organization_id),
        forgotten_at: Set(call.now + TimeDelta::seconds(LIFETIME + 2 * LEEWAY)),
    };
    let txn = call.state.db.begin().await?;
    revoked_token::Entity::insert(revoked)
        .on_conflict(
            OnConflict::column(revoked_token::Column::Jti)
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(&txn)
        .await?;
    txn.commit().await?;
    Ok(())
}
