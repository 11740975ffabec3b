//! The token endpoint of OAuth 2.0, for other systems (RFC 6749, client credentials).

use actix_web::http::header;
use actix_web::{HttpRequest, post, web};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use entity::service_account;
use entity::values::Role;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use super::dto::{AccessToken, TokenRequest};
use super::store::token_hash;
use super::tokens;
use crate::kit::{Call, Code, Form, Problem, Result, Who, Whole};

/// Get an access token
///
/// For service accounts: exchanges `client_id` and secret, sent by HTTP Basic or in the form, for
/// an access token that lives for 15 minutes. Unknown client, wrong secret, revoked and expired
/// account get one same answer.
#[utoipa::path(
    tag = "Identity",
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
    if form.grant_type != "client_credentials" {
        return Err(Problem::new(Code::UnsupportedGrantType));
    }
    let credentials = credentials(&request, form)?;
    let account = find(&call, &credentials).await?;
    note_use(&call, &account).await?;
    let subject = tokens::Subject {
        id: account.id,
        session_id: None,
        organization_id: Some(account.organization_id),
        role: Role::Integration,
    };
    let issuer = call.state.config.public_url();
    Ok(Whole(AccessToken {
        access_token: tokens::sign(&call.state.keys, &issuer, subject, call.now)?,
        token_type: "Bearer",
        expires_in: tokens::LIFETIME,
        scope: account.scopes.0.join(" "),
    }))
}

struct Credentials {
    client_id: String,
    secret: String,
}

/// From HTTP Basic or from the form, never from both (RFC 6749, section 2.3). A header of another
/// scheme, which many clients send everywhere, is no client's.
fn credentials(request: &HttpRequest, form: TokenRequest) -> Result<Credentials> {
    let header = request.headers().get(header::AUTHORIZATION);
    let header = header.and_then(|value| value.to_str().ok());
    match (header.and_then(basic_credentials), form.client_secret) {
        (Some(_), Some(_)) => Err(Problem::new(Code::InvalidRequest)),
        (Some(encoded), None) => basic(encoded)
            .filter(|basic| form.client_id.is_none_or(|id| id == basic.client_id))
            .ok_or(Problem::new(Code::InvalidClient)),
        (None, Some(secret)) => form
            .client_id
            .map(|client_id| Credentials { client_id, secret })
            .ok_or(Problem::new(Code::InvalidClient)),
        (None, None) => Err(Problem::new(Code::InvalidClient)),
    }
}

/// What follows the scheme of HTTP Basic.
fn basic_credentials(header: &str) -> Option<&str> {
    let (scheme, encoded) = header.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("basic")
        .then_some(encoded.trim())
}

/// Both parts form-encoded.
fn basic(encoded: &str) -> Option<Credentials> {
    let text = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (client_id, secret) = text.split_once(':')?;
    Some(Credentials {
        client_id: form_decoded(client_id)?,
        secret: form_decoded(secret)?,
    })
}

fn form_decoded(text: &str) -> Option<String> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(&format!("value={text}")).ok()?;
    let mut pairs = pairs.into_inner().into_iter();
    let (_, value) = pairs.next()?;
    (!value.contains('\0')).then_some(value)
}

#[expect(clippy::disallowed_methods, reason = "nobody is known yet")]
async fn find(call: &Call, credentials: &Credentials) -> Result<service_account::Model> {
    let account = service_account::Entity::find()
        .filter(service_account::Column::ClientId.eq(&credentials.client_id))
        .one(call.state.db.reader())
        .await?;
    if let Some(account) = &account {
        call.traces.claimed(Who::service(account));
    }
    let given = token_hash(&credentials.secret);
    account
        .filter(|account| {
            let known = account.secret_hash.as_bytes();
            let is_right =
                aws_lc_rs::constant_time::verify_slices_are_equal(known, given.as_bytes()).is_ok();
            is_right && account.revoked_at.is_none() && account.expires_at > call.now
        })
        .ok_or(Problem::new(Code::InvalidClient))
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
