//! The token endpoint (RFC 6749): client credentials, and the refresh tokens of people.

use actix_web::{HttpRequest, post};
use entity::service_account;
use entity::values::Role;
use sea_orm::{ActiveModelTrait, Set};

use super::client::expires_soon;
use super::client::{self, Client, Program};
use super::dto::{AccessToken, TokenRequest};
use super::form::Form;
use crate::foundation::scope::Scope;
use crate::kit::{Call, Code, Problem, Result, Whole};
use crate::people::auth::{sessions, tokens};

/// Get an access token
///
/// Exchanges credentials for an access token, as OAuth 2.0 has it (RFC 6749).
/// For service accounts (`client_credentials`): exchanges `client_id` and secret, sent by HTTP Basic
/// or in the form, for an access token that lives for 15 minutes; `scope` may limit it. Unknown
/// client, wrong secret, revoked and expired account get one same answer. For people
/// (`refresh_token`): the same as `POST /v1/auth/refresh`, for programs that speak OAuth 2.0.
#[utoipa::path(
    tag = "Identity",
    // OAuth 2.0 has one answer to all that is malformed: 400.
    extensions(("x-never" = json!([422]))),
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "An access token", body = AccessToken))
)]
#[post("/oauth/token")]
pub(super) async fn issue_token(
    call: Call,
    request: HttpRequest,
    form: Form<TokenRequest>,
) -> Result<Whole<AccessToken>> {
    let Form(form) = form;
    let is_for_program = match form.grant_type.as_str() {
        "client_credentials" => true,
        "refresh_token" => false,
        _ => return Err(Problem::new(Code::UnsupportedGrantType)),
    };
    let client = client::authenticate(&call, &request, form.client_id, form.client_secret).await?;
    let scope = form.scope.as_deref();
    Ok(Whole(if is_for_program {
        for_program(&call, client.program()?, scope).await?
    } else {
        for_person(&call, &client, form.refresh_token.as_deref(), scope).await?
    }))
}

async fn for_program(call: &Call, program: Program, scope: Option<&str>) -> Result<AccessToken> {
    let account = program.account;
    let scopes = narrowed(Scope::stored(&account.scopes), scope)?;
    note_use(call, &account).await?;
    let scope = Some(Scope::joined(&scopes));
    let subject = tokens::Subject {
        id: account.id,
        session_id: None,
        organization_id: Some(account.organization_id),
        role: Role::Integration,
        program: Some(tokens::Program {
            client_id: account.client_id,
            scopes,
        }),
    };
    let issuer = call.state.config.public_url();
    Ok(AccessToken {
        access_token: tokens::sign(&call.state.keys, &issuer, subject, call.now)?,
        token_type: "Bearer",
        expires_in: tokens::LIFETIME,
        refresh_token: None,
        scope,
        secret_expires_at: Some(program.secret_expires_at),
        secret_expires_soon: Some(expires_soon(program.secret_expires_at, call.now)),
    })
}

/// What is asked for, which must be among what the account may (RFC 6749, section 3.3). Nothing
/// asked for is everything.
fn narrowed(granted: Vec<Scope>, wanted: Option<&str>) -> Result<Vec<Scope>> {
    let wanted: Vec<&str> = wanted
        .unwrap_or_default()
        .split_ascii_whitespace()
        .collect();
    if wanted.is_empty() {
        return Ok(granted);
    }
    let is_granted = |name: &&str| {
        let scope = name.parse::<Scope>();
        scope.is_ok_and(|scope| granted.contains(&scope))
    };
    if !wanted.iter().all(is_granted) {
        return Err(Problem::new(Code::InvalidScope));
    }
    let mut scopes = Scope::listed(wanted);
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}

/// The tokens of people have no scope: their role says what they may.
async fn for_person(
    call: &Call,
    client: &Client,
    refresh_token: Option<&str>,
    scope: Option<&str>,
) -> Result<AccessToken> {
    // No service account was ever given a refresh token.
    if matches!(client, Client::Program(_)) {
        return Err(Problem::new(Code::InvalidGrant));
    }
    let refresh_token = refresh_token.ok_or(Problem::new(Code::InvalidRequest))?;
    if scope.is_some_and(|scope| !scope.trim().is_empty()) {
        return Err(Problem::new(Code::InvalidScope));
    }
    let renewed = sessions::renew(call, refresh_token).await;
    let renewed = renewed
        .map_err(|problem| problem.renamed(Code::InvalidRefreshToken, Code::InvalidGrant))?;
    Ok(AccessToken {
        access_token: renewed.access_token,
        token_type: renewed.token_type,
        expires_in: renewed.expires_in,
        refresh_token: Some(renewed.refresh_token),
        scope: None,
        secret_expires_at: None,
        secret_expires_soon: None,
    })
}

/// Notes when the account got its last token: no change that concurrency control or the event
/// trail should see.
async fn note_use(call: &Call, account: &service_account::Model) -> Result<()> {
    let txn = call.state.db.begin().await?;
    service_account::ActiveModel {
        id: Set(account.id),
        last_used_at: Set(Some(call.now)),
        ..Default::default()
    }
    .update(&txn)
    .await?;
    txn.commit().await?;
    Ok(())
}
