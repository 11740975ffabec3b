//! A provider's token (OpenID Connect Core, RFC 9068), checked as our own are (RFC 8725).

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use entity::identity_provider;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::rules::VERIFIABLE;

/// In bytes.
const LONGEST: usize = 16 * 1024;
/// How many a token may be made for.
const AUDIENCES: usize = 20;
/// How far clocks may differ, in seconds.
const LEEWAY: f64 = 30.0;
/// How long ago a token may have been made, in seconds: whatever it says of its own end, somebody signed
/// in at the provider that day.
const OLDEST: f64 = 24.0 * 3600.0;
const LONGEST_EMAIL: usize = 254;

/// What a token says of itself, believed by nobody yet.
pub(super) struct Presented<'a> {
    text: &'a str,
    header: Header,
    key_id: String,
    said: Said,
}

#[derive(Deserialize)]
struct Said {
    iss: String,
    #[serde(default)]
    aud: Audiences,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Many(Vec<String>),
}

impl Default for Audiences {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

/// Who says to have made this token.
pub(crate) fn issuer_of(token: &str) -> Option<String> {
    said(token).map(|said| said.iss)
}

fn said(token: &str) -> Option<Said> {
    if token.len() > LONGEST {
        return None;
    }
    let claims = token.split('.').nth(1)?;
    let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?;
    serde_json::from_slice(&claims).ok()
}

impl<'a> Presented<'a> {
    /// Nothing when it cannot be one that we accept, whoever signed it.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut said = said(text)?;
        if let Audiences::One(audience) = said.aud {
            said.aud = Audiences::Many(vec![audience]);
        }
        let header = decode_header(text).ok()?;
        let typ = header.typ.as_deref().map(str::to_lowercase);
        let is_plain = header.crit.is_none()
            && header.jku.is_none()
            && header.x5u.is_none()
            && header.x5c.is_none()
            && header.jwk.is_none()
            && header.enc.is_none()
            && header.zip.is_none()
            && matches!(
                typ.as_deref(),
                None | Some("jwt" | "at+jwt" | "application/at+jwt")
            );
        let key_id = header.kid.clone().filter(|_| is_plain)?;
        let presented = Self {
            text,
            header,
            key_id,
            said,
        };
        let audiences = presented.audiences();
        let is_sound = (1..=AUDIENCES).contains(&audiences.len())
            && is_text(presented.issuer())
            && audiences.iter().all(|audience| is_text(audience));
        is_sound.then_some(presented)
    }

    pub(super) fn issuer(&self) -> &str {
        &self.said.iss
    }

    pub(super) fn audiences(&self) -> &[String] {
        match &self.said.aud {
            Audiences::One(audience) => std::slice::from_ref(audience),
            Audiences::Many(audiences) => audiences,
        }
    }

    pub(super) fn key_id(&self) -> &str {
        &self.key_id
    }
}

/// What a database can be asked for: PostgreSQL knows no NUL.
fn is_text(claim: &str) -> bool {
    !claim.chars().any(char::is_control)
}

/// Whether the part before the `@` is ASCII. Folding the letters of all scripts makes two people's
/// addresses one: the sign of the kelvin becomes a `k`.
fn has_plain_name(email: &str) -> bool {
    email
        .rsplit_once('@')
        .is_some_and(|(name, _)| name.is_ascii())
}

/// What a token says, signed by its issuer and good now.
pub(super) struct Claims(Map<String, Value>);

impl Claims {
    /// The e-mail address, as this provider's organization wants it told.
    pub(super) fn email(&self, provider: &identity_provider::Model) -> Option<String> {
        let told = match self.0.get("email_verified") {
            Some(Value::Bool(told)) => *told,
            // As some write it.
            Some(Value::String(told)) => told == "true",
            _ => false,
        };
        let email = self.0.get(&provider.email_claim)?.as_str()?;
        let verified = told && provider.email_claim == VERIFIABLE;
        let is_good = verified || !provider.require_verified_email;
        let is_one = email.contains('@') && email.len() <= LONGEST_EMAIL && is_text(email);
        (is_good && is_one && has_plain_name(email)).then(|| email.to_ascii_lowercase())
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }

    /// Whether it was made after this instant.
    pub(super) fn is_newer(&self, instant: DateTime<Utc>) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "seconds of this age are exact")]
        let instant = instant.timestamp() as f64;
        self.number("iat").is_some_and(|made| made > instant)
    }

    fn is_live(&self, now: DateTime<Utc>) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "seconds of this age are exact")]
        let at = now.timestamp() as f64;
        let is_past = |moment: f64| moment - LEEWAY <= at;
        let begun = match self.0.get("nbf") {
            Some(moment) => moment.as_f64().is_some_and(is_past),
            None => true,
        };
        let is_recent = |moment: f64| moment + OLDEST > at;
        begun
            && self.number("iat").is_some_and(is_past)
            && self.number("iat").is_some_and(is_recent)
            && self.number("exp").is_some_and(|end| end + LEEWAY > at)
    }

    fn names_somebody(&self) -> bool {
        let subject = self.0.get("sub").and_then(Value::as_str);
        subject.is_some_and(|subject| !subject.is_empty())
    }
}

/// Checks a token with its issuer's key. Its audiences are those that the caller looked for.
pub(super) fn verify(presented: &Presented<'_>, key: &Jwk, now: DateTime<Utc>) -> Option<Claims> {
    let algorithm = presented.header.alg;
    if !suits(key, algorithm) {
        return None;
    }
    let mut rules = Validation::new(algorithm);
    rules.set_issuer(&[presented.issuer()]);
    rules.set_audience(presented.audiences());
    rules.set_required_spec_claims(&["exp", "aud", "iss", "sub"]);
    // Times are checked below, by the service's clock.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let decoding = DecodingKey::from_jwk(key).ok()?;
    let claims = decode::<Map<String, Value>>(presented.text, &decoding, &rules).ok()?;
    let claims = Claims(claims.claims);
    (claims.is_live(now) && claims.names_somebody()).then_some(claims)
}

/// A key is for one family of algorithms, and for signatures: the token does not choose.
fn suits(key: &Jwk, algorithm: Algorithm) -> bool {
    let (is_of_family, named) = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::OctetKeyPair(key), Algorithm::EdDSA) => {
            (key.curve == EllipticCurve::Ed25519, KeyAlgorithm::EdDSA)
        }
        (AlgorithmParameters::EllipticCurve(key), Algorithm::ES256) => {
            (key.curve == EllipticCurve::P256, KeyAlgorithm::ES256)
        }
        (AlgorithmParameters::RSA(_), Algorithm::RS256) => (true, KeyAlgorithm::RS256),
        (AlgorithmParameters::RSA(_), Algorithm::PS256) => (true, KeyAlgorithm::PS256),
        _ => return false,
    };
    let signs = matches!(
        key.common.public_key_use,
        None | Some(PublicKeyUse::Signature)
    );
    let is_named = key.common.key_algorithm.is_none_or(|known| known == named);
    is_of_family && signs && is_named
}
