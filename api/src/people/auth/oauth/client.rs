//! Which client calls `/oauth`: a service account that proves it, or the public one.

use actix_web::http::header;
use actix_web::{HttpRequest, web};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::service_account;
use sea_orm::{ColumnTrait, QueryFilter};

use crate::foundation::unscoped;
use crate::kit::{Call, Code, Problem, Result, Who};
use crate::people::auth::store::token_hash;
use crate::people::auth::tokens::PUBLIC_CLIENT;

/// A client of OAuth 2.0 (RFC 6749, section 2.1).
pub(super) enum Client {
    /// The programs in people's hands, which keep no secret.
    Public,
    /// A service account.
    Program(Box<Program>),
}

/// A service account whose secret was right.
pub(super) struct Program {
    pub(super) account: service_account::Model,
    /// Until when that secret works.
    pub(super) secret_expires_at: DateTime<Utc>,
}

impl Client {
    /// The service account.
    ///
    /// # Errors
    /// 401 for the public client.
    pub(super) fn program(self) -> Result<Program> {
        match self {
            Self::Program(program) => Ok(*program),
            Self::Public => Err(Problem::new(Code::InvalidClient)),
        }
    }
}

/// Who calls, by HTTP Basic or by the form.
///
/// # Errors
/// 400 for both ways at once (RFC 6749, section 2.3), 401 for an unknown client or a wrong secret.
pub(super) async fn authenticate(
    call: &Call,
    request: &HttpRequest,
    client_id: Option<String>,
    client_secret: Option<String>,
) -> Result<Client> {
    let Some(credentials) = credentials(request, client_id, client_secret)? else {
        return Ok(Client::Public);
    };
    let program = find(call, &credentials).await?;
    call.traces.proven(Who::service(&program.account));
    Ok(Client::Program(Box::new(program)))
}

struct Credentials {
    client_id: String,
    secret: String,
}

/// From HTTP Basic or from the form, never from both. A header of another scheme, which many
/// clients send everywhere, is no client's.
fn credentials(
    request: &HttpRequest,
    client_id: Option<String>,
    client_secret: Option<String>,
) -> Result<Option<Credentials>> {
    let mut headers = request.headers().get_all(header::AUTHORIZATION);
    let header = headers.next().and_then(|value| value.to_str().ok());
    if headers.next().is_some() {
        return Err(Problem::new(Code::InvalidRequest));
    }
    let refused = || Problem::new(Code::InvalidClient);
    match (header.and_then(basic_credentials), client_secret) {
        (Some(_), Some(_)) => Err(Problem::new(Code::InvalidRequest)),
        (Some(encoded), None) => basic(encoded)
            .filter(|basic| client_id.is_none_or(|id| id == basic.client_id))
            .map(Some)
            .ok_or_else(refused),
        (None, Some(secret)) => client_id
            .map(|client_id| Some(Credentials { client_id, secret }))
            .ok_or_else(refused),
        (None, None) if client_id.is_none_or(|id| id == PUBLIC_CLIENT) => Ok(None),
        (None, None) => Err(refused()),
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

async fn find(call: &Call, credentials: &Credentials) -> Result<Program> {
    let account = unscoped::rows::<service_account::Entity>()
        .filter(service_account::Column::ClientId.eq(&credentials.client_id))
        .one(call.state.db.reader())
        .await?;
    if let Some(account) = &account {
        call.traces.claimed(Who::service(account));
    }
    let given = token_hash(&credentials.secret);
    account
        .filter(|account| account.revoked_at.is_none())
        .and_then(|account| {
            let secret_expires_at = secret_expiry(&account, &given)?;
            Some(Program {
                account,
                secret_expires_at,
            })
        })
        .filter(|program| program.secret_expires_at > call.now)
        .ok_or(Problem::new(Code::InvalidClient))
}

/// Until when the secret of this hash works: the present one as long as the account, the one
/// before until its overlap ends.
fn secret_expiry(account: &service_account::Model, given: &str) -> Option<DateTime<Utc>> {
    let is = |known: &str| {
        let (known, given) = (known.as_bytes(), given.as_bytes());
        aws_lc_rs::constant_time::verify_slices_are_equal(known, given).is_ok()
    };
    let is_former = account.former_secret_hash.as_deref().is_some_and(is);
    if is(&account.secret_hash) {
        Some(account.expires_at)
    } else if is_former {
        account
            .former_secret_expires_at
            .map(|former| former.min(account.expires_at))
    } else {
        None
    }
}

/// How long before it ends a secret is said to expire soon.
const SOON: TimeDelta = TimeDelta::days(30);

/// Whether a secret that works until then needs a successor.
pub(crate) fn expires_soon(expires_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    expires_at - now < SOON
}
