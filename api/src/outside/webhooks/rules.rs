//! What may be done with a webhook, and what comes of it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::values::{DisabledReason, WebhookState};
use entity::webhook;
use sea_orm::Set;

use crate::kit::write::tx::transition;
use crate::kit::{Fault, FaultCode, Problem, Result};

/// How many an organization may have.
pub(super) const MOST: u64 = 50;
/// The longest period that is delivered again.
const LONGEST_PERIOD: TimeDelta = TimeDelta::days(31);

/// One that is disabled.
pub(super) fn disabled(reason: DisabledReason, now: DateTime<Utc>) -> webhook::ActiveModel {
    webhook::ActiveModel {
        state: Set(WebhookState::Disabled),
        disabled_reason: Set(Some(reason)),
        disabled_at: Set(Some(now)),
        ..Default::default()
    }
}

/// One that starts anew.
pub(super) fn enabled() -> webhook::ActiveModel {
    webhook::ActiveModel {
        state: Set(WebhookState::Active),
        disabled_reason: Set(None),
        disabled_at: Set(None),
        ..fresh()
    }
}

/// Nothing is known of its failures any more.
pub(super) fn fresh() -> webhook::ActiveModel {
    webhook::ActiveModel {
        failing_since: Set(None),
        held_until: Set(None),
        ..Default::default()
    }
}

/// Only one in this state goes on from there.
///
/// # Errors
/// 409 when it is in another.
pub(super) fn is(webhook: &webhook::Model, state: WebhookState) -> Result<()> {
    transition(webhook.state == state)
}

/// A period that has begun and is not too long.
///
/// # Errors
/// 422 at `/since`, or at `/until` when that was given and is what is wrong.
pub(super) fn period(
    since: DateTime<Utc>,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(DateTime<Utc>, DateTime<Utc>)> {
    let end = until.unwrap_or(now);
    let fault = match end {
        _ if since > now => Fault::new("/since", FaultCode::Maximum).with("max", now.to_rfc3339()),
        _ if end < since => {
            Fault::new("/until", FaultCode::Minimum).with("min", since.to_rfc3339())
        }
        _ if end - since > LONGEST_PERIOD => {
            let pointer = if until.is_some() { "/until" } else { "/since" };
            Fault::new(pointer, FaultCode::PeriodTooLong).with("max", LONGEST_PERIOD.num_days())
        }
        _ => return Ok((since, end)),
    };
    Err(Problem::invalid(vec![fault]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_has_its_end_after_its_start_and_lasts_a_month_at_most() {
        let now = DateTime::UNIX_EPOCH;
        let ending = |days| period(now, Some(now + TimeDelta::days(days)), now);
        assert!(ending(-1).is_err());
        assert!(ending(0).is_ok());
        assert!(ending(31).is_ok());
        assert!(ending(32).is_err());
        assert_eq!(period(now, None, now).unwrap(), (now, now));
    }

    #[test]
    fn what_is_wrong_with_a_period_is_said_of_what_was_sent() {
        let now = DateTime::UNIX_EPOCH;
        let fault = |since: i64, until: Option<i64>| {
            let day = |days| now + TimeDelta::days(days);
            let refused = period(day(since), until.map(day), now).unwrap_err();
            let faults = refused.into_faults();
            let [fault] = faults.as_slice() else {
                panic!("{faults:?}")
            };
            (fault.pointer().to_owned(), fault.code())
        };
        let at = |pointer: &str, code| (pointer.to_owned(), code);
        assert_eq!(fault(-32, None), at("/since", FaultCode::PeriodTooLong));
        assert_eq!(fault(-40, Some(-8)), at("/until", FaultCode::PeriodTooLong));
        assert_eq!(fault(1, None), at("/since", FaultCode::Maximum));
        assert_eq!(fault(1, Some(2)), at("/since", FaultCode::Maximum));
    }
}
