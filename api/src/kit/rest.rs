//! When work in the background looks again whether there is any: for nothing, nothing runs.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::foundation::state::State;

/// The rest between two looks.
#[derive(Debug)]
pub(crate) struct Rest {
    writes: u64,
    since: Instant,
}

impl Rest {
    /// To be made before a look, lest something be written unseen.
    pub(crate) fn before_a_look(state: &State) -> Self {
        Self {
            writes: state.db.writes(),
            since: Instant::now(),
        }
    }

    /// Whether it has been as long as this.
    pub(crate) fn is_as_long_as(&self, interval: Duration) -> bool {
        self.since.elapsed() >= interval
    }

    /// Until this process has written something, as is seen at every `interval`, and `seldom` without: for what
    /// another process left, or what comes due by time alone. No longer once the service stops.
    pub(crate) async fn until_due(&self, state: &State, interval: Duration, seldom: Duration) {
        loop {
            tokio::time::sleep(interval).await;
            let is_written = state.db.writes() != self.writes;
            let stops = !state.ready.load(Ordering::Relaxed);
            if is_written || stops || self.is_as_long_as(seldom) {
                return;
            }
        }
    }
}
