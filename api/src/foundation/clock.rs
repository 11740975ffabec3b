//! The one place where time is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

/// The service's clock. Tests and demo data move it; clones move together.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    /// What it shows beyond the system's time or, if it stands, beyond 1970 (microseconds).
    offset: Arc<AtomicI64>,
    stands: bool,
}

impl Clock {
    /// A clock that shows this instant until it is moved.
    #[must_use]
    pub fn standing_at(instant: DateTime<Utc>) -> Self {
        Self {
            offset: Arc::new(instant.timestamp_micros().into()),
            stands: true,
        }
    }

    /// This instant, truncated to the microseconds that both databases keep.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn now(&self) -> DateTime<Utc> {
        let origin = if self.stands {
            DateTime::UNIX_EPOCH
        } else {
            Utc::now()
        };
        (origin + TimeDelta::microseconds(self.offset.load(Ordering::Relaxed))).trunc_subsecs(6)
    }

    /// Moves the clock, forth or back.
    pub fn advance(&self, by: TimeDelta) {
        let micros = by.num_microseconds().unwrap_or_default();
        self.offset.fetch_add(micros, Ordering::Relaxed);
    }
}
