//! From which of the service's workers a statement is sent.
//!
//! A connection belongs to the runtime of the thread that opened it. Lent to another, each of its answers wakes
//! two threads: some eight switches a request, a tenth of its cost. So each worker has connections
//! of its own on PostgreSQL. On SQLite each connection is a thread anyway.

use std::cell::Cell;

thread_local! {
    static WORKER: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Says that this thread is the worker of this number.
pub(crate) fn enter(worker: usize) {
    WORKER.set(Some(worker));
}

/// What this thread sends its statements by: the lane of its worker; for the service's own jobs, and where there
/// are no lanes, what is shared.
pub(super) fn of<'a, T>(lanes: &'a [T], shared: &'a T) -> &'a T {
    let lane = WORKER.get().and_then(|worker| {
        let lane = worker.checked_rem(lanes.len())?;
        lanes.get(lane)
    });
    lane.unwrap_or(shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_have_their_lane_and_others_share() {
        let work = || {
            assert_eq!(of(&['a', 'b'], &'s'), &'s');
            enter(3);
            assert_eq!(of(&['a', 'b'], &'s'), &'b');
            assert_eq!(of(&[], &'s'), &'s');
        };
        std::thread::spawn(work).join().unwrap();
    }
}
