//! Passwords: argon2id, computed off the request threads, a few at a time.

use std::sync::Arc;
use std::time::Duration;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use migration::fold::fold;
use tokio::sync::Semaphore;

use crate::foundation::problem::{Code, FaultCode, Problem, Result};

/// How many may wait for their turn before newcomers are sent away.
const QUEUE: usize = 64;
/// Shorter words known of a person may stand in any password.
const MIN_KNOWN: usize = 3;
/// Letters and digits that a password has besides what is known of the person.
const MIN_OWN: usize = 4;
/// Verified when there is no such account, so that both answers take the same time.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ib2R5$\
                      3WpB2WVPmqPXkk3zUGl1kT1tEYNQdxcaJzTtIXSgPvQ";

/// The bounded pool in which hashes are computed.
#[derive(Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    is_limited: bool,
}

impl Passwords {
    /// A pool that computes `at_once` hashes at a time. Unlimited queues are for load tests.
    #[must_use]
    pub fn new(at_once: usize, is_limited: bool) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(at_once.max(1))),
            queue: Arc::new(Semaphore::new(QUEUE)),
            is_limited,
        }
    }

    /// Hashes a new password.
    ///
    /// # Errors
    /// 429 when too many wait.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.compute(move || {
            Argon2::default()
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
        })
        .await?
        .map_err(|error| {
            tracing::error!(%error, "cannot hash a password");
            Problem::new(Code::InternalError)
        })
    }

    /// Whether the password is the one of this hash; as long without a hash.
    ///
    /// # Errors
    /// 429 when too many wait.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        self.compute(move || {
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

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let busy = || Problem::new(Code::TooManyRequests).retry_after(Duration::from_secs(1));
        let place = match self.queue.clone().try_acquire_owned() {
            Ok(place) => Some(place),
            Err(_) if self.is_limited => return Err(busy()),
            Err(_) => None,
        };
        let turn = self.turns.clone().acquire_owned().await.or(Err(busy()))?;
        // Held until it is done, even when nobody waits for it any more.
        let held = (place, turn);
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(held);
            done
        })
        .await
        .or(Err(Problem::new(Code::InternalError)))
    }
}

/// Refuses passwords that are common, or made of what is known of the person.
///
/// # Errors
/// 422 at this field.
pub(crate) fn check_strength(pointer: &str, password: &str, known: &[&str]) -> Result<()> {
    // The words within addresses and names are known too.
    let words: Vec<String> = known
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.chars().count() >= MIN_KNOWN)
        .map(fold)
        .collect();
    let personal = words
        .iter()
        .fold(fold(password), |rest, word| rest.replace(word, ""));
    let own_part = personal.chars().filter(|c| c.is_alphanumeric()).count();
    let known: Vec<&str> = known
        .iter()
        .copied()
        .chain(words.iter().map(String::as_str))
        .collect();
    let is_common = zxcvbn::zxcvbn(password, &known).score() < zxcvbn::Score::Two;
    if is_common || own_part < MIN_OWN {
        return Err(Problem::fault(pointer, FaultCode::PasswordWeak));
    }
    Ok(())
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
        let computing = pool.compute(move || {
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
        assert!(pool.compute(|| true).await.is_ok_and(|done| done));
        assert_eq!(pool.queue.available_permits(), QUEUE);
    }

    #[test]
    fn common_and_personal_passwords_are_refused() {
        assert!(check_strength("/password", "motdepasse", &[]).is_err());
        assert!(
            check_strength(
                "/password",
                "camille.martin1",
                &["camille.martin@centre.example", "Martin"]
            )
            .is_err()
        );
        let albertine = ["a.quimper@centre.example", "Albertine", "Quimper"];
        assert!(check_strength("/password", "albertine quimper", &albertine).is_err());
        assert!(check_strength("/password", "a.quimper@centre.example", &albertine).is_err());
        assert!(check_strength("/password", "quatre chevaux mauves", &albertine).is_ok());
    }
}
