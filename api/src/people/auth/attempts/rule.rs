//! How many failures may be, what comes then, and how time forgives them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::sign_in_limit::Model;

/// How many failures may be, and what comes then.
pub(super) struct Rule {
    /// So many without a wait.
    free: i32,
    /// The first wait.
    wait: TimeDelta,
    /// The longest.
    longest: TimeDelta,
    /// After how long one is forgiven.
    forgiven: TimeDelta,
}

pub(super) const ACCOUNT_AT_ADDRESS: Rule = Rule {
    free: 5,
    wait: TimeDelta::seconds(30),
    longest: TimeDelta::minutes(15),
    forgiven: TimeDelta::minutes(10),
};
pub(super) const ACCOUNT: Rule = Rule {
    free: 20,
    wait: TimeDelta::seconds(10),
    longest: TimeDelta::minutes(5),
    forgiven: TimeDelta::minutes(5),
};
pub(super) const ADDRESS: Rule = Rule {
    free: 50,
    wait: TimeDelta::seconds(5),
    longest: TimeDelta::minutes(5),
    forgiven: TimeDelta::minutes(1),
};
/// Of the 65,536 addresses that one customer of IPv6 may have; of IPv4 there is one.
pub(super) const SITE: Rule = Rule {
    free: 200,
    wait: TimeDelta::seconds(5),
    longest: TimeDelta::minutes(5),
    forgiven: TimeDelta::seconds(15),
};

/// A count after an attempt.
pub(super) struct Counted {
    /// With this one.
    pub(super) failures: i32,
    /// From when on time forgives them. While all are free it moves on by whole forgiven failures
    /// alone: who comes more often than one is forgiven loses none of the time that has passed. Then
    /// it is now, since waits are counted from the last attempt.
    pub(super) last_at: DateTime<Utc>,
    /// What it is again if the attempt was no failure.
    pub(super) kept: DateTime<Utc>,
}

impl Rule {
    /// The failures that are not forgiven yet.
    fn standing(&self, row: &Model, now: DateTime<Utc>) -> i32 {
        let quiet = (now - row.last_at).num_milliseconds().max(0);
        let forgiven = quiet / self.forgiven.num_milliseconds();
        i32::try_from(i64::from(row.failures) - forgiven)
            .unwrap_or(0)
            .max(0)
    }

    /// The count with one failure more.
    pub(super) fn one_more(&self, row: &Model, now: DateTime<Utc>) -> Counted {
        let standing = self.standing(row, now);
        let failures = standing + 1;
        let kept = match standing {
            0 => now,
            _ => row.last_at + self.forgiven * (row.failures - standing),
        };
        let is_free = failures < self.free;
        Counted {
            failures,
            last_at: if is_free { kept } else { now },
            kept,
        }
    }

    /// How long this count still asks to wait.
    pub(super) fn wait(&self, row: &Model, now: DateTime<Utc>) -> TimeDelta {
        let over = self.standing(row, now) - self.free;
        if over < 0 {
            return TimeDelta::zero();
        }
        let doubled = self.wait * 2_i32.saturating_pow(over.min(20).unsigned_abs());
        row.last_at + doubled.min(self.longest) - now
    }
}

#[cfg(test)]
mod tests;
