//! How far back a round of the chains looks, and when there is one: for nothing, nothing runs.

use std::time::{Duration, Instant};

use crate::foundation::database::Database;

/// How long a committed row may wait for its link.
const INTERVAL: Duration = Duration::from_secs(5);
/// How often a service that writes nothing looks for what another left before it was killed, and how
/// often one that writes looks far back.
const SELDOM: Duration = Duration::from_secs(60);
/// How far below the highest chained number a row may appear late, because its transaction was
/// slower. What turns up deeper was inserted into the past: it is never chained, and found by
/// `livret verify-audit`.
const FAR: i64 = 10_000;
/// How far below it a round looks as a rule. Numbers are given just before a commit, so that all but
/// the rarest of latecomers are here; the rest is found within a minute.
const NEAR: i64 = 1_000;

/// How far back to look.
#[derive(Debug)]
pub(super) struct Window {
    looked_far: Option<Instant>,
    /// Whether rows were bound since then: only beside them can another be late.
    is_stale: bool,
}

impl Window {
    /// The first look goes far.
    pub(super) fn new() -> Self {
        Self {
            looked_far: None,
            is_stale: true,
        }
    }

    /// How many numbers below the highest one chained.
    pub(super) fn depth(&self) -> i64 {
        let is_due = self.looked_far.is_none_or(|at| at.elapsed() >= SELDOM);
        if is_due && self.is_stale { FAR } else { NEAR }
    }

    /// Rows are bound.
    pub(super) fn is_moving(&mut self) {
        self.is_stale = true;
    }

    /// A round that looked so far back, and bound so many rows, has seen all.
    pub(super) fn looked(&mut self, depth: i64, bound: usize) {
        if depth == FAR {
            self.looked_far = Some(Instant::now());
            self.is_stale = bound > 0;
        }
    }
}

/// When the next round is due.
#[derive(Debug)]
pub(super) struct Rest {
    writes: u64,
    since: Instant,
}

impl Rest {
    /// To be made before a round, lest something be written unseen.
    pub(super) fn before_a_round(db: &Database) -> Self {
        Self {
            writes: db.writes(),
            since: Instant::now(),
        }
    }

    /// Until this process has written something, and seldom without.
    pub(super) async fn until_due(self, db: &Database) {
        loop {
            tokio::time::sleep(INTERVAL).await;
            if db.writes() != self.writes || self.since.elapsed() >= SELDOM {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn far_back_looks_the_first_round_and_then_one_a_minute_at_most() {
        let mut window = Window::new();
        assert_eq!(window.depth(), FAR);
        window.looked(FAR, 3);
        assert_eq!(window.depth(), NEAR);
        window.looked_far = Instant::now().checked_sub(SELDOM);
        assert_eq!(window.depth(), FAR);
    }

    #[test]
    fn idle_rounds_never_look_far() {
        let mut window = Window::new();
        window.looked(FAR, 0);
        window.looked_far = Instant::now().checked_sub(SELDOM);
        assert_eq!(window.depth(), NEAR);
        window.looked(NEAR, 0);
        assert_eq!(window.depth(), NEAR);
        window.is_moving();
        assert_eq!(window.depth(), FAR);
    }
}
