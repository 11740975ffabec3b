//! When a delivery that failed is tried again: the backoff.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::kit::backoff::Backoff;

/// Three times as long after each attempt, up to twelve hours.
pub(super) const BACKOFF: Backoff = Backoff {
    times: 3,
    longest: 12 * 3600,
};
/// The longest one that an endpoint may ask for.
const LONGEST_ASKED: TimeDelta = TimeDelta::hours(24);

/// Until when an endpoint wants to be left alone: `Retry-After` is a number of seconds or a date
/// (RFC 9110, section 10.2.3), and a day at most is granted.
pub(super) fn asked_for(retry_after: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let latest = now + LONGEST_ASKED;
    let until = match retry_after.trim().parse::<u32>() {
        Ok(seconds) => now + Duration::from_secs(seconds.into()),
        Err(_) => DateTime::parse_from_rfc2822(retry_after.trim())
            .ok()?
            .to_utc(),
    };
    (until > now).then_some(until.min(latest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_threefold_up_to_twelve_hours_and_differ_by_chance() {
        assert_eq!(BACKOFF.wait(10, 1, 0), TimeDelta::seconds(10));
        assert_eq!(BACKOFF.wait(10, 2, 0), TimeDelta::seconds(30));
        assert_eq!(BACKOFF.wait(10, 5, 0), TimeDelta::seconds(810));
        assert_eq!(BACKOFF.wait(10, 99, 0), TimeDelta::hours(12));
        assert_eq!(BACKOFF.wait(40, 1, 255), TimeDelta::seconds(50));
    }

    #[test]
    fn three_days_hold_fourteen_attempts() {
        let mut passed = TimeDelta::zero();
        let mut attempts = 1;
        while passed + BACKOFF.wait(10, attempts, 0) < TimeDelta::hours(72) {
            passed += BACKOFF.wait(10, attempts, 0);
            attempts += 1;
        }
        assert_eq!(attempts, 14);
        assert_eq!(passed.num_hours(), 69);
    }

    #[test]
    fn an_endpoint_may_ask_for_seconds_or_name_a_date() {
        let now = DateTime::UNIX_EPOCH;
        let seconds = |seconds| Some(now + TimeDelta::seconds(seconds));
        assert_eq!(asked_for("120", now), seconds(120));
        assert_eq!(
            asked_for("Thu, 01 Jan 1970 00:05:00 GMT", now),
            seconds(300)
        );
        assert_eq!(
            asked_for("Sat, 03 Jan 1970 00:00:00 GMT", now),
            seconds(86_400)
        );
        assert_eq!(asked_for("4294967295", now), seconds(86_400));
        for nothing in ["0", "-5", "soon", "", "Wed, 31 Dec 1969 23:00:00 GMT"] {
            assert_eq!(asked_for(nothing, now), None, "{nothing}");
        }
    }
}
