//! Turns: who writes what somebody else is writing waits here, without a connection. So a row that is
//! locked for long takes no place of those who write elsewhere.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

/// How long somebody waits for their turn while nobody before them gets anything done.
const PATIENCE: Duration = Duration::from_millis(1100);
/// A wait that is none.
const AT_ONCE: Duration = Duration::from_millis(1);
/// How long they wait in a queue that moves.
const LONGEST: Duration = Duration::from_secs(3);
/// How long they wait for somebody who takes long and gets something done.
const FOR_ONE: Duration = Duration::from_secs(4);

/// So many at once for each name; the others wait in the order in which they came.
#[derive(Debug)]
pub(super) struct Turns {
    at_once: usize,
    queues: Mutex<HashMap<Uuid, Weak<Queue>>>,
}

#[derive(Debug)]
struct Queue {
    places: Arc<Semaphore>,
    /// When a turn last ended well.
    moved: Mutex<Instant>,
    /// Whether the present turn takes long, as a file's does.
    is_long: AtomicBool,
}

/// Somebody's turn; the next one's when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    queue: Arc<Queue>,
    _place: OwnedSemaphorePermit,
    /// How long it was waited for.
    pub(super) waited: Duration,
    /// Whether what was done in it has failed, or nothing was.
    pub(super) has_failed: Arc<AtomicBool>,
}

impl Turns {
    pub(super) fn of(at_once: usize) -> Self {
        Self {
            at_once,
            queues: Mutex::default(),
        }
    }

    /// Waits for a turn; nothing when it does not come in time.
    pub(super) async fn take(&self, name: Uuid) -> Option<Turn> {
        let queue = self.queue(name);
        let mut place = std::pin::pin!(queue.places.clone().acquire_owned());
        let (came, mut moved) = (Instant::now(), Instant::now());
        loop {
            let is_long = queue.is_long.load(Ordering::Relaxed);
            let last = came + if is_long { FOR_ONE } else { LONGEST };
            let until = (moved + PATIENCE).min(last);
            if let Ok(place) = timeout_at(until, &mut place).await {
                return Some(Turn {
                    queue: queue.clone(),
                    // Nobody closes a queue.
                    _place: place.ok()?,
                    waited: came.elapsed(),
                    has_failed: Arc::new(AtomicBool::new(true)),
                });
            }
            let moved_at = *queue.moved.lock().unwrap_or_else(PoisonError::into_inner);
            let is_long = queue.is_long.load(Ordering::Relaxed);
            if !(is_long || moved_at > moved) || until >= last {
                return None;
            }
            moved = if is_long { Instant::now() } else { moved_at };
        }
    }

    fn queue(&self, name: Uuid) -> Arc<Queue> {
        let mut queues = self.queues.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(&name).and_then(Weak::upgrade) {
            return queue;
        }
        if queues.len() == queues.capacity() {
            queues.retain(|_, queue| queue.strong_count() > 0);
        }
        let queue = Arc::new(Queue {
            places: Arc::new(Semaphore::new(self.at_once)),
            moved: Mutex::new(Instant::now()),
            is_long: AtomicBool::new(false),
        });
        queues.insert(name, Arc::downgrade(&queue));
        queue
    }
}

impl Turn {
    /// Whether somebody was before.
    pub(crate) fn was_waited_for(&self) -> bool {
        self.waited > AT_ONCE
    }

    /// For those who wait: it takes long, and they are not to give up.
    pub(super) fn takes_long(self) -> Self {
        self.queue.is_long.store(true, Ordering::Relaxed);
        self
    }

    /// For those who wait: something was done in it.
    pub(crate) fn went_well(self) {
        self.has_failed.store(false, Ordering::Relaxed);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.queue.is_long.store(false, Ordering::Relaxed);
        if !self.has_failed.load(Ordering::Relaxed) {
            let mut moved = self
                .queue
                .moved
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            *moved = Instant::now();
        }
    }
}
