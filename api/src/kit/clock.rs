//! The one place where time is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// The service's clock. Tests and demo data move it; clones move together.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// This instant, truncated to the microseconds that both databases keep.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(&self) -> DateTime<Utc> {
        (Utc::now() + TimeDelta::microseconds(self.0.load(Ordering::Relaxed))).trunc_subsecs(6)
    }

    /// Moves the clock, forth or back.
    pub fn advance(&self, by: TimeDelta) {
        let micros = by.num_microseconds().unwrap_or_default();
        self.0.fetch_add(micros, Ordering::Relaxed);
    }
}
