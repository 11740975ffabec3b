//! The keys of the providers: discovered and fetched when they are wanted and not known.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde_json::Value;

use crate::foundation::outbound::Outbound;
use crate::foundation::state::State;
use crate::kit::Call;

/// How many keys of one provider are looked at.
const MOST: usize = 100;

/// The key of this issuer with this id.
pub(super) async fn find(call: &Call, issuer: &str, id: &str) -> Option<Jwk> {
    let keys = &call.state.provider_keys;
    let before = keys.known(issuer);
    if let Some(key) = before.key(id, call.now) {
        return Some(key.clone());
    }
    // In a task of its own: a caller who goes away does not take the answer along.
    let question = ask(
        call.state.clone(),
        issuer.to_owned(),
        id.to_owned(),
        call.now,
    );
    if tokio::spawn(question).await.is_err() {
        tracing::error!(issuer, "an identity provider was not asked to the end");
    }
    keys.known(issuer).key(id, call.now).cloned()
}

/// Asks the provider for its keys, unless somebody else has just done so.
async fn ask(state: Arc<State>, issuer: String, id: String, now: DateTime<Utc>) {
    let keys = &state.provider_keys;
    let turn = keys.known(&issuer).turn;
    let _turn = turn.lock().await;
    let known = keys.known(&issuer);
    if known.key(&id, now).is_some() || !known.may_be_asked(now) {
        return;
    }
    keys.update(&issuer, |known| known.asked_at = Some(now));
    match fetch(&state.outbound, &issuer).await {
        Ok(found) => keys.update(&issuer, |known| {
            known.keys = Arc::new(found);
            known.fetched_at = Some(now);
        }),
        Err(reason) => tracing::warn!(issuer, reason, "no keys from an identity provider"),
    }
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

#[derive(Deserialize)]
struct Published {
    keys: Vec<Value>,
}

/// Asks the provider where its keys are (OpenID Connect Discovery, section 4), and for them.
async fn fetch(outbound: &Outbound, issuer: &str) -> Result<HashMap<String, Jwk>, String> {
    let at = format!(
        "{}/.well-known/openid-configuration",
        issuer.trim_end_matches('/')
    );
    let failed = |step: &str, why: String| format!("{step}: {why}");
    let found: Result<Discovery, _> = outbound.get_json(&at).await;
    let found = found.map_err(|failure| failed("discovery", failure.to_string()))?;
    if found.issuer != issuer {
        return Err(failed("discovery", "another issuer".to_owned()));
    }
    let published: Result<Published, _> = outbound.get_json(&found.jwks_uri).await;
    let published = published.map_err(|failure| failed("keys", failure.to_string()))?;
    let mut keys = HashMap::new();
    for key in published.keys.into_iter().take(MOST) {
        // Kinds of keys that we do not know are others' to use.
        let Ok(key) = serde_json::from_value::<Jwk>(key) else {
            continue;
        };
        if let Some(id) = key.common.key_id.clone() {
            keys.entry(id).or_insert(key);
        }
    }
    Ok(keys)
}
