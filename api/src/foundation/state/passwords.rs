//! Passwords: argon2id, computed off the request threads, a few at a time.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::strength::check_strength;
use crate::foundation::limiter::{Concurrency, Slot, site};
use crate::foundation::problem::{Code, Problem, Result};

/// How many may wait for their turn before newcomers are sent away.
const QUEUE: usize = 64;
/// How many of them one person may have there: further tabs, not a crowd.
const PLACES_OF_A_PERSON: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);
/// How many one network may have, where nobody is known yet: a training centre at nine o'clock.
const PLACES_OF_A_NETWORK: NonZeroU32 = NonZeroU32::MIN.saturating_add(31);
/// Verified when there is no such account, so that both answers take the same time.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$\
                      3WpB2WVPmqPXkk3zUGl1kT1tEYNQdxcaJzTtIXSgPvQ";

/// Whose password it is: nobody fills the queue alone, whatever they are counted for besides.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Guest {
    /// Somebody signed in.
    Person(Uuid),
    /// Nobody known yet, from this address.
    Stranger(Option<IpAddr>),
}

/// The bounded pool in which hashes are computed.
#[derive(Debug)]
pub struct Passwords {
    people: Arc<Concurrency>,
    networks: Arc<Concurrency>,
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    is_limited: bool,
}

impl Passwords {
    /// A pool that computes `at_once` hashes at a time. Unlimited queues are for load tests.
    #[must_use]
    pub fn new(at_once: usize, is_limited: bool) -> Self {
        let most = |slots| Concurrency::new(is_limited.then_some(slots));
        Self {
            people: most(PLACES_OF_A_PERSON),
            networks: most(PLACES_OF_A_NETWORK),
            turns: Arc::new(Semaphore::new(at_once.max(1))),
            queue: Arc::new(Semaphore::new(QUEUE)),
            is_limited,
        }
    }

    /// Hashes a password that nobody is judged by.
    ///
    /// # Errors
    /// 429 when too many wait.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.compute(None, move || hashed(&password)).await?
    }

    /// Hashes the password that somebody chose for this field, unless it is easy to guess or made
    /// of what is `known` of them.
    ///
    /// # Errors
    /// 422 at that field; 429 when too many wait.
    pub(crate) async fn choose(
        &self,
        guest: Guest,
        pointer: &'static str,
        password: String,
        known: [&str; 3],
    ) -> Result<String> {
        let slot = self.slot(guest)?;
        let known = known.map(ToOwned::to_owned);
        self.compute(slot, move || {
            check_strength(pointer, &password, &known.each_ref().map(String::as_str))?;
            hashed(&password)
        })
        .await?
    }

    /// Whether the password is the one of this hash; as long without a hash.
    ///
    /// # Errors
    /// 429 when too many wait.
    pub(crate) async fn verify(
        &self,
        guest: Guest,
        password: String,
        hash: Option<String>,
    ) -> Result<bool> {
        let slot = self.slot(guest)?;
        self.compute(slot, move || {
            let is_known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
            let matches = PasswordHash::new(&hash).is_ok_and(|hash| {
                Argon2::default()
                    .verify_password(password.as_bytes(), &hash)
                    .is_ok()
            });
            is_known && matches
        })
        .await
    }

    fn slot(&self, guest: Guest) -> Result<Option<Slot>> {
        match guest {
            Guest::Person(id) => self.people.enter(id),
            Guest::Stranger(address) => {
                let site = address.map(site).unwrap_or_default();
                self.networks.enter(Uuid::from_u128(site))
            }
        }
    }

    async fn compute<T: Send + 'static>(
        &self,
        own: Option<Slot>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let busy = || Problem::new(Code::TooManyRequests).retry_after(Duration::from_secs(1));
        let queued = match self.queue.clone().try_acquire_owned() {
            Ok(queued) => Some(queued),
            Err(_) if self.is_limited => return Err(busy()),
            Err(_) => None,
        };
        let turn = self.turns.clone().acquire_owned().await.or(Err(busy()))?;
        // Held until it is done, even when nobody waits for it any more.
        let held = (own, queued, turn);
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(held);
            done
        })
        .await
        .or(Err(Problem::new(Code::InternalError)))
    }
}

fn hashed(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|error| {
        tracing::error!(%error, "cannot hash a password");
        Problem::new(Code::InternalError)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_is_a_real_one() {
        assert!(PasswordHash::new(NOBODY).is_ok());
    }

    #[tokio::test]
    async fn a_hash_that_nobody_waits_for_any_more_holds_its_place_until_it_is_done() {
        let pool = Passwords::new(1, true);
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (let_go, may_go) = std::sync::mpsc::channel::<()>();
        let computing = pool.compute(None, move || {
            let _ = begun.send(());
            may_go.recv()
        });
        tokio::select! {
            _ = computing => panic!("it was not let go"),
            begun = has_begun => begun.unwrap(),
        }
        assert_eq!(pool.turns.available_permits(), 0);
        assert_eq!(pool.queue.available_permits(), QUEUE - 1);
        let_go.send(()).unwrap();
        // Its turn is the next one's.
        assert!(pool.compute(None, || true).await.is_ok_and(|done| done));
        assert_eq!(pool.queue.available_permits(), QUEUE);
    }

    #[test]
    fn nobody_takes_more_than_their_places() {
        let pool = Passwords::new(1, true);
        let guest = Guest::Person(Uuid::from_u128(7));
        let held = [pool.slot(guest), pool.slot(guest)];
        assert!(held.iter().all(Result::is_ok) && pool.slot(guest).is_err());
        assert!(pool.slot(Guest::Person(Uuid::from_u128(8))).is_ok());
        let of = |text: &str| pool.slot(Guest::Stranger(text.parse().ok()));
        let one: Vec<_> = (0..32)
            .map(|n| of(&format!("2001:db8:1:{n:x}::1")))
            .collect();
        assert!(one.iter().all(Result::is_ok) && of("2001:db8:1:ffff::1").is_err());
        assert!(of("2001:db8:2::1").is_ok() && of("203.0.113.9").is_ok());
    }
}
