//! Tokens whose signature was found right, by their hash: the same bytes come with each request for a
//! quarter of an hour, and the signature costs more than all else about them.
//!
//! What may change is asked at each use by whoever looks here: the key, the times, the session.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA256, digest};

use super::tokens::{Claims, LEEWAY};

/// How many are kept at most: some 2 MiB.
const MOST: usize = 4_096;

/// Those of this process. A token names its key by the key's own hash, so it is right for each
/// service that has this key.
static VERIFIED: LazyLock<Verified> = LazyLock::new(Verified::default);

/// What a right token says.
#[derive(Debug)]
pub(super) struct Known {
    /// The key that signed it.
    pub(super) key_id: String,
    pub(super) claims: Claims,
}

#[derive(Debug, Default)]
struct Verified(RwLock<HashMap<[u8; 32], Arc<Known>>>);

/// What this token says, if its signature was found right before.
pub(super) fn find(token: &str) -> Option<Arc<Known>> {
    VERIFIED.find(token)
}

/// Keeps what a token says whose signature is right.
pub(super) fn keep(token: &str, known: Known, now: i64) -> Arc<Known> {
    let known = Arc::new(known);
    VERIFIED.keep(token, known.clone(), now);
    known
}

impl Verified {
    fn find(&self, token: &str) -> Option<Arc<Known>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&hash(token)?).cloned()
    }

    fn keep(&self, token: &str, token_says: Arc<Known>, now: i64) {
        let Some(hash) = hash(token) else { return };
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.retain(|_, known| known.claims.exp.saturating_add(LEEWAY) > now);
        }
        // All alive: they are verified once more, which is no worse than before.
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(hash, token_says);
    }
}

fn hash(token: &str) -> Option<[u8; 32]> {
    digest(&SHA256, token.as_bytes()).as_ref().try_into().ok()
}

#[cfg(test)]
mod tests {
    use entity::values::Role;
    use uuid::Uuid;

    use super::*;

    fn says(exp: i64) -> Arc<Known> {
        let claims = Claims {
            iss: "http://localhost".to_owned(),
            aud: "livret".to_owned(),
            sub: Uuid::nil(),
            sid: None,
            org: None,
            role: Role::Tutor,
            client_id: "livret".to_owned(),
            scope: None,
            iat: 0,
            nbf: 0,
            exp,
            jti: Uuid::nil(),
        };
        Arc::new(Known {
            key_id: "key".to_owned(),
            claims,
        })
    }

    #[test]
    fn a_token_is_found_by_all_of_its_bytes() {
        let verified = Verified::default();
        verified.keep("a.b.c", says(100), 0);
        assert_eq!(verified.find("a.b.c").unwrap().claims.exp, 100);
        assert!(verified.find("a.b.d").is_none());
    }

    #[test]
    fn the_expired_make_room_and_there_are_never_more_than_that() {
        let verified = Verified::default();
        let count = || verified.0.read().unwrap().len();
        for n in 0..MOST {
            let exp = if n < 100 { 10 } else { 1_000 };
            verified.keep(&format!("token {n}"), says(exp), 0);
        }
        verified.keep("late", says(1_000), 500);
        assert_eq!(count(), MOST - 99);
        for n in 0..200 {
            verified.keep(&format!("later {n}"), says(1_000), 500);
            assert!(count() <= MOST);
        }
        assert!(verified.find("later 199").is_some());
    }
}
