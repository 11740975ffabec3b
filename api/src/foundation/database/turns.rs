//! Turns: who writes what somebody else is writing waits here, without a connection. So a row that is
//! locked for long takes no place of those who write elsewhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use uuid::Uuid;

/// So many at once for each name; the others wait in the order in which they came.
#[derive(Debug)]
pub(super) struct Turns {
    at_once: usize,
    waiting: Mutex<HashMap<Uuid, Weak<Semaphore>>>,
}

/// Somebody's turn; the next one's when it is dropped.
pub(super) type Turn = OwnedSemaphorePermit;

impl Turns {
    pub(super) fn of(at_once: usize) -> Self {
        Self {
            at_once,
            waiting: Mutex::default(),
        }
    }

    /// Waits for one's turn; nothing is waited for where nothing is named.
    pub(super) async fn take(&self, name: Option<Uuid>) -> Option<Turn> {
        let turns = self.named(name?);
        // Nobody closes them.
        turns.acquire_owned().await.ok()
    }

    fn named(&self, name: Uuid) -> Arc<Semaphore> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = waiting.get(&name).and_then(Weak::upgrade) {
            return turns;
        }
        if waiting.len() == waiting.capacity() {
            waiting.retain(|_, turns| turns.strong_count() > 0);
        }
        let turns = Arc::new(Semaphore::new(self.at_once));
        waiting.insert(name, Arc::downgrade(&turns));
        turns
    }
}
