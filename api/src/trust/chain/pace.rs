//! When there is a round of the chains: for nothing, nothing runs.

use std::time::{Duration, Instant};

use crate::foundation::database::Database;

/// How long a committed event may wait for its link.
const INTERVAL: Duration = Duration::from_secs(5);
/// How often a service that writes nothing looks for what another left before it was killed.
const SELDOM: Duration = Duration::from_secs(60);

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
