//! The keys of the providers: discovered, fetched, kept for a while.
//!
//! A provider is asked once a minute at most, and its keys are taken for ten minutes. While it does
//! not answer, those that it gave last are good for an hour.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::Jwk;
use serde::Deserialize;
use serde_json::Value;

use crate::app::State;
use crate::kit::Call;
use crate::outbound::Outbound;

const FRESH: TimeDelta = TimeDelta::minutes(10);
const STALE: TimeDelta = TimeDelta::hours(1);
const BETWEEN_QUESTIONS: TimeDelta = TimeDelta::minutes(1);
/// How many keys of one provider are looked at.
const MOST: usize = 100;

/// What is known of each issuer.
#[derive(Debug, Default)]
pub(crate) struct ProviderKeys {
    known: Mutex<HashMap<String, Known>>,
}

#[derive(Clone, Debug, Default)]
struct Known {
    keys: Arc<HashMap<String, Jwk>>,
    fetched_at: Option<DateTime<Utc>>,
    asked_at: Option<DateTime<Utc>>,
    /// Held by whoever asks: the others wait for what they find.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Known {
    fn is_younger(&self, age: TimeDelta, now: DateTime<Utc>) -> bool {
        self.fetched_at.is_some_and(|then| now - then < age)
    }

    /// The key, unless the provider is to be asked before.
    fn key(&self, id: &str, now: DateTime<Utc>) -> Option<&Jwk> {
        let age = if self.may_be_asked(now) { FRESH } else { STALE };
        self.keys.get(id).filter(|_| self.is_younger(age, now))
    }

    fn may_be_asked(&self, now: DateTime<Utc>) -> bool {
        self.asked_at
            .is_none_or(|then| now - then >= BETWEEN_QUESTIONS)
    }
}

impl ProviderKeys {
    /// The key of this issuer with this id.
    pub(super) async fn find(&self, call: &Call, issuer: &str, id: &str) -> Option<Jwk> {
        let before = self.known(issuer);
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
        self.known(issuer).key(id, call.now).cloned()
    }

    /// Forgets the keys that are good for nothing any more.
    pub(crate) fn forget_the_stale(&self, now: DateTime<Utc>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, known| {
            known.is_younger(STALE, now) || known.asked_at.is_some_and(|then| now - then < STALE)
        });
    }

    fn known(&self, issuer: &str) -> Known {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(issuer.to_owned()).or_default().clone()
    }

    fn note(&self, issuer: &str, change: impl FnOnce(&mut Known)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        change(known.entry(issuer.to_owned()).or_default());
    }
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
    keys.note(&issuer, |known| known.asked_at = Some(now));
    match fetch(&state.outbound, &issuer).await {
        Ok(found) => keys.note(&issuer, |known| {
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
