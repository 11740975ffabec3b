//! How long to wait until what failed is tried again.

use std::num::NonZeroU32;

use chrono::TimeDelta;

use crate::foundation::keys::random;

/// Waits that grow with each attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Backoff {
    /// So many times as long after each attempt.
    pub(crate) times: i64,
    /// The longest wait, in seconds, but for what chance adds.
    pub(crate) longest: i64,
}

impl Backoff {
    /// How long after the attempt of this number, counted from 1; after the first one, so many seconds.
    /// Up to a quarter more by chance, so that those who failed together do not come back together.
    pub(crate) fn after(self, first: NonZeroU32, attempts: i32) -> TimeDelta {
        let chance = random::<1>().map_or(0, |[byte]| byte);
        self.wait(first.get().into(), attempts, chance)
    }

    pub(crate) fn wait(self, first: i64, attempts: i32, chance: u8) -> TimeDelta {
        let steps = u32::try_from(attempts - 1).unwrap_or(0).min(16);
        let seconds = first.saturating_mul(self.times.saturating_pow(steps));
        let seconds = seconds.min(self.longest);
        TimeDelta::milliseconds(seconds * 1000 + seconds * 1000 * i64::from(chance) / 4 / 255)
    }
}
