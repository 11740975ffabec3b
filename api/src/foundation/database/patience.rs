//! How long one request may wait for the database in all: what each of its statements takes is taken
//! from the same time, so that short waits do not add up to a long one.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// How long a statement of the service's own work may take, the wait for a connection included.
const STATEMENT: Duration = Duration::from_secs(5);
/// How long all statements of a request may take together: the answer, a refusal, is out within five
/// seconds.
const REQUEST: Duration = Duration::from_millis(4700);

tokio::task_local! {
    /// What is left of it for the request that is being answered.
    static LEFT: Cell<Duration>;
}

/// Answers a request: its statements have 4.7 seconds together. What is sent after the answer began,
/// a stream's pages, is not among them.
pub(crate) async fn of_a_request<T>(answer: impl Future<Output = T>) -> T {
    LEFT.scope(Cell::new(REQUEST), answer).await
}

/// Work of a request that may take long, as a file's arrival does: each statement has its own time.
pub(crate) async fn of_each_statement<T>(work: impl Future<Output = T>) -> T {
    LEFT.scope(Cell::new(Duration::MAX), work).await
}

/// Waits for an answer of the database, and no longer than may be waited: nothing when it is late.
pub(super) async fn within<T>(work: impl Future<Output = T>) -> Option<T> {
    let began = Instant::now();
    let left = LEFT.try_with(Cell::get).unwrap_or(Duration::MAX);
    if left.is_zero() {
        return None;
    }
    let done = tokio::time::timeout(left.min(STATEMENT), work).await.ok();
    if left < Duration::MAX {
        // Outside a request nothing counts.
        let _counted = LEFT.try_with(|of| of.set(left.saturating_sub(began.elapsed())));
    }
    done
}
