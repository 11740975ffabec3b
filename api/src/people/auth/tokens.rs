//! Access tokens: signed JWTs (RFC 9068) that live for 15 minutes.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::values::Role;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::verified::{self, Known};
use crate::foundation::keys::Keys;
pub(crate) use crate::foundation::keys::LEEWAY;
pub use crate::foundation::keys::LIFETIME;
use crate::foundation::scope::Scope;
use crate::kit::{Call, Code, Problem, Result, new_id};

/// The client that people use, whichever program it is (RFC 6749, section 2.1: public).
pub const PUBLIC_CLIENT: &str = "livret";
const AUDIENCE: &str = "livret";
const TYPE: &str = "at+jwt";

/// What a token says. Rights are not read from it: each request reads the session's row.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    pub(super) iss: String,
    pub(super) aud: String,
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
    /// The service account's client, or the one that people use.
    pub(super) client_id: String,
    /// What a service account's token is limited to, beside what the account may today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<String>,
    pub(super) iat: i64,
    pub(super) nbf: i64,
    pub(super) exp: i64,
    pub(super) jti: Uuid,
}

impl Claims {
    /// What the token is limited to. One without scopes may nothing that needs one.
    pub(super) fn scopes(&self) -> Vec<Scope> {
        let scopes = self.scope.as_deref().unwrap_or_default();
        Scope::listed(scopes.split(' '))
    }
}

/// For whom a token is made.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The user or service account.
    pub id: Uuid,
    /// The session, for people.
    pub session_id: Option<Uuid>,
    /// The organization.
    pub organization_id: Option<Uuid>,
    /// The role.
    pub role: Role,
    /// The program, for service accounts.
    pub program: Option<Program>,
}

/// What the token of a service account says besides.
#[derive(Clone, Debug)]
pub struct Program {
    /// The account's.
    pub client_id: String,
    /// What the token is limited to.
    pub scopes: Vec<Scope>,
}

/// Signs a token.
///
/// # Errors
/// 500 when the key cannot sign.
pub fn sign(keys: &Keys, issuer: &str, subject: Subject, now: DateTime<Utc>) -> Result<String> {
    let key = keys.signing(now).ok_or(Problem::new(Code::InternalError))?;
    let header = Header {
        typ: Some(TYPE.to_owned()),
        kid: Some(key.id().to_owned()),
        ..Header::new(Algorithm::EdDSA)
    };
    let at = now.timestamp();
    let (client_id, scope) = match subject.program {
        Some(program) => (program.client_id, Some(Scope::joined(&program.scopes))),
        None => (PUBLIC_CLIENT.to_owned(), None),
    };
    let claims = Claims {
        iss: issuer.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: subject.id,
        sid: subject.session_id,
        org: subject.organization_id,
        role: subject.role,
        client_id,
        scope,
        iat: at,
        nbf: at,
        exp: at + LIFETIME,
        jti: new_id(),
    };
    encode(&header, &claims, key.encoding()).map_err(|error| {
        tracing::error!(%error, "cannot sign a token");
        Problem::new(Code::InternalError)
    })
}

/// Reads a token that this service signed and that has not expired (RFC 8725). A key that came
/// while the service runs is met here.
///
/// # Errors
/// 401 for any other.
pub(super) async fn verify(call: &Call, token: &str) -> Result<Arc<Known>> {
    if let Some(known) = verified_before(call, token) {
        return Ok(known);
    }
    let refused = || Problem::new(Code::Unauthenticated);
    let id = our_key_id(token).ok_or_else(refused)?;
    let keys = &call.state.keys;
    let key = match keys.verifying(&id, call.now) {
        Some(key) => Some(key),
        None => {
            let state = call.state.clone();
            let read = tokio::task::spawn_blocking(move || state.keys.read_again_unless_fresh());
            read.await.or(Err(Problem::new(Code::InternalError)))?;
            keys.verifying(&id, call.now)
        }
    };
    let key = key.ok_or_else(refused)?;

    let mut rules = Validation::new(Algorithm::EdDSA);
    rules.set_audience(&[AUDIENCE]);
    rules.set_issuer(&[call.state.config.public_url()]);
    rules.set_required_spec_claims(&["exp", "nbf", "aud", "iss", "sub"]);
    // Times are checked below, by the service's clock.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let claims = decode::<Claims>(token, key.decoding(), &rules)
        .or(Err(refused()))?
        .claims;
    let now = call.now.timestamp();
    if !is_live(&claims, now) {
        return Err(refused());
    }
    let known = Known { key_id: id, claims };
    Ok(verified::keep(token, known, now))
}

/// What this token says, if its signature was found right before and is still worth something here: the key is
/// one that verifies today, the times are right, and it is ours.
pub(super) fn verified_before(call: &Call, token: &str) -> Option<Arc<Known>> {
    let known = verified::find(token)?;
    let is_right = is_live(&known.claims, call.now.timestamp())
        && known.claims.iss == call.state.config.public_url()
        && call.state.keys.verifying(&known.key_id, call.now).is_some();
    is_right.then_some(known)
}

/// The name of the key, in a header as we write them: one that brings or names keys of its own,
/// or asks for what we do not know, is not ours.
fn our_key_id(token: &str) -> Option<String> {
    let header = decode_header(token).ok()?;
    let is_ours = header.typ.as_deref() == Some(TYPE)
        && header.alg == Algorithm::EdDSA
        && header.crit.is_none()
        && header.jku.is_none()
        && header.jwk.is_none()
        && header.x5u.is_none()
        && header.x5c.is_none();
    header.kid.filter(|_| is_ours)
}

fn is_live(claims: &Claims, at: i64) -> bool {
    let latest_start = at.saturating_add(LEEWAY);
    claims.exp.saturating_add(LEEWAY) > at
        && claims.nbf <= latest_start
        && claims.iat <= latest_start
}
