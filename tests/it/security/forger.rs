//! Who makes access tokens with the service's own key.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Map, Value, json};
use tests::World;

use crate::it::auth::sign_in;

/// Somebody who has the service's own key, and a real token to start from.
pub(super) struct Forger {
    key: EncodingKey,
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    pub(super) real: String,
}

impl Forger {
    /// With the token of somebody who signs in.
    pub(super) async fn new(world: &World, name: &str) -> Self {
        let real = sign_in(world, name).await;
        Self::of(world, real["access_token"].as_str().unwrap())
    }

    pub(super) fn of(world: &World, real: &str) -> Self {
        let dir = world.state.config.key_dir.clone().unwrap();
        let pem = std::fs::read(dir.join("token-1.pem")).unwrap();
        let mut parts = real.split('.').map(decoded);
        Self {
            key: EncodingKey::from_ed_pem(&pem).unwrap(),
            header: parts.next().unwrap(),
            claims: parts.next().unwrap(),
            real: real.to_owned(),
        }
    }

    pub(super) fn signed(
        &self,
        header: &Map<String, Value>,
        claims: &Map<String, Value>,
    ) -> String {
        let message = message(header, claims);
        let signature = crypto::sign(message.as_bytes(), &self.key, Algorithm::EdDSA);
        format!("{message}.{}", signature.unwrap())
    }

    /// With this in its header; null takes it out.
    pub(super) fn with_header(&self, name: &str, value: Value) -> String {
        self.signed(&changed(&self.header, name, value), &self.claims)
    }

    /// With this claim; null takes it out.
    pub(super) fn with_claim(&self, name: &str, value: Value) -> String {
        self.signed(&self.header, &changed(&self.claims, name, value))
    }

    pub(super) fn second(&self, claim: &str) -> i64 {
        self.claims[claim].as_i64().unwrap()
    }
}

fn decoded(part: &str) -> Map<String, Value> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
    serde_json::from_slice(&bytes).unwrap_or_default()
}

pub(super) fn changed(fields: &Map<String, Value>, name: &str, value: Value) -> Map<String, Value> {
    let mut fields = fields.clone();
    match value {
        Value::Null => fields.remove(name),
        value => fields.insert(name.to_owned(), value),
    };
    fields
}

pub(super) fn message(header: &Map<String, Value>, claims: &Map<String, Value>) -> String {
    let [header, claims] =
        [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(json!(part).to_string()));
    format!("{header}.{claims}")
}
