//! Access tokens: signed JWTs (RFC 9068) that live for 15 minutes.

use chrono::{DateTime, Utc};
use entity::values::Role;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keys::Keys;
use crate::kit::{Code, Problem, Result, new_id};

/// How long an access token lives, in seconds.
pub const LIFETIME: i64 = 15 * 60;
/// How far clocks may differ, in seconds.
const LEEWAY: i64 = 30;
const AUDIENCE: &str = "livret";
const TYPE: &str = "at+jwt";

/// What a token says. Rights are not read from it: each request reads the session's row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// The user or service account.
    pub sub: Uuid,
    /// The session; a service account's token has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<Uuid>,
    /// The organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org: Option<Uuid>,
    /// The role when the token was made.
    pub role: Role,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Uuid,
}

/// For whom a token is made.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// The user or service account.
    pub id: Uuid,
    /// The session, for people.
    pub session_id: Option<Uuid>,
    /// The organization.
    pub organization_id: Option<Uuid>,
    /// The role.
    pub role: Role,
}

/// Signs a token.
///
/// # Errors
/// 500 when the key cannot sign.
pub fn sign(keys: &Keys, issuer: &str, subject: Subject, now: DateTime<Utc>) -> Result<String> {
    let (key_id, key) = keys.signing();
    let header = Header {
        typ: Some(TYPE.to_owned()),
        kid: Some(key_id.to_owned()),
        ..Header::new(Algorithm::EdDSA)
    };
    let at = now.timestamp();
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: subject.id,
        sid: subject.session_id,
        org: subject.organization_id,
        role: subject.role,
        iat: at,
        nbf: at,
        exp: at + LIFETIME,
        jti: new_id(),
    };
    encode(&header, &claims, key).map_err(|error| {
        tracing::error!(%error, "cannot sign a token");
        Problem::new(Code::InternalError)
    })
}

/// Reads a token that this service signed and that has not expired (RFC 8725).
///
/// # Errors
/// 401 for any other.
pub fn verify(keys: &Keys, issuer: &str, token: &str, now: DateTime<Utc>) -> Result<Claims> {
    let refused = || Problem::new(Code::Unauthenticated);
    let header = decode_header(token).or(Err(refused()))?;
    let is_ours = header.typ.as_deref() == Some(TYPE)
        && header.crit.is_none()
        && header.jku.is_none()
        && header.x5u.is_none()
        && header.jwk.is_none();
    let key = header
        .kid
        .as_deref()
        .and_then(|id| keys.verifying(id))
        .filter(|_| is_ours);
    let key = key.ok_or_else(refused)?;

    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&[AUDIENCE]);
    rules.set_issuer(&[issuer]);
    rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    // Times are checked below, by the service's clock.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let claims = decode::<Claims>(token, key, &rules)
        .or(Err(refused()))?
        .claims;

    let at = now.timestamp();
    let is_live =
        claims.exp + LEEWAY > at && claims.nbf - LEEWAY <= at && claims.iat - LEEWAY <= at;
    if is_live { Ok(claims) } else { Err(refused()) }
}
