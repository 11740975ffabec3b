//! What is known of the keys of identity providers, for a while.
//!
//! A provider is asked once a minute at most, and its keys are taken for ten minutes. While it does
//! not answer, those that it gave last are good for an hour.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::Jwk;

const FRESH: TimeDelta = TimeDelta::minutes(10);
const STALE: TimeDelta = TimeDelta::hours(1);
const BETWEEN_QUESTIONS: TimeDelta = TimeDelta::minutes(1);

/// What is known of each issuer.
#[derive(Debug, Default)]
pub(crate) struct ProviderKeys {
    known: Mutex<HashMap<String, Known>>,
}

/// What is known of one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) keys: Arc<HashMap<String, Jwk>>,
    pub(crate) fetched_at: Option<DateTime<Utc>>,
    pub(crate) asked_at: Option<DateTime<Utc>>,
    /// Held by whoever asks: the others wait for what they find.
    pub(crate) turn: Arc<tokio::sync::Mutex<()>>,
}

impl Known {
    fn is_younger(&self, age: TimeDelta, now: DateTime<Utc>) -> bool {
        self.fetched_at.is_some_and(|then| now - then < age)
    }

    /// The key, unless the provider is to be asked before.
    pub(crate) fn key(&self, id: &str, now: DateTime<Utc>) -> Option<&Jwk> {
        let age = if self.may_be_asked(now) { FRESH } else { STALE };
        self.keys.get(id).filter(|_| self.is_younger(age, now))
    }

    /// Whether it was not asked just now.
    pub(crate) fn may_be_asked(&self, now: DateTime<Utc>) -> bool {
        self.asked_at
            .is_none_or(|then| now - then >= BETWEEN_QUESTIONS)
    }
}

impl ProviderKeys {
    /// Forgets the keys that are good for nothing any more.
    pub(crate) fn forget_the_stale(&self, now: DateTime<Utc>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, known| {
            known.is_younger(STALE, now) || known.asked_at.is_some_and(|then| now - then < STALE)
        });
    }

    /// As it is now.
    pub(crate) fn known(&self, issuer: &str) -> Known {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(issuer.to_owned()).or_default().clone()
    }

    /// Changes what is known of this issuer.
    pub(crate) fn update(&self, issuer: &str, change: impl FnOnce(&mut Known)) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        change(known.entry(issuer.to_owned()).or_default());
    }
}
