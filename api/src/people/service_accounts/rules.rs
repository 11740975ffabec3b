//! What a service account may be given, and until when.

use chrono::{DateTime, Months, SubsecRound, TimeDelta, Utc};
use entity::service_account;
use sea_orm::Set;

use crate::kit::write::tx::transition;
use crate::kit::{Fault, FaultCode, Problem, Result};

/// Until when an account works: a year unless told otherwise, two at most.
pub(in crate::people) fn expiry(
    wanted: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>> {
    let in_years = |years: u32| now + Months::new(12 * years);
    let Some(wanted) = wanted.map(|wanted| wanted.trunc_subsecs(6)) else {
        return Ok(in_years(1));
    };
    let refused = |code, name, limit: DateTime<Utc>| {
        let fault = Fault::new("/expires_at", code).with(name, limit.to_rfc3339());
        Err(Problem::invalid(vec![fault]))
    };
    if wanted <= now {
        refused(FaultCode::Minimum, "min", now)
    } else if wanted > in_years(2) {
        refused(FaultCode::Maximum, "max", in_years(2))
    } else {
        Ok(wanted)
    }
}

/// A revoked account is history.
pub(in crate::people) fn is_not_revoked(account: &service_account::Model) -> Result<()> {
    transition(account.revoked_at.is_none())
}

/// The present secret, which works beside the next one for so many hours.
pub(super) fn outlived(
    account: &service_account::Model,
    hours: u32,
    now: DateTime<Utc>,
) -> service_account::ActiveModel {
    let until = (hours > 0).then(|| now + TimeDelta::hours(hours.into()));
    service_account::ActiveModel {
        former_secret_hash: Set(until.map(|_| account.secret_hash.clone())),
        former_secret_expires_at: Set(until),
        ..Default::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_works_for_a_year_unless_told_otherwise() {
        let now = DateTime::UNIX_EPOCH;
        let end = expiry(None, now).unwrap();
        assert_eq!(end.to_rfc3339(), "1971-01-01T00:00:00+00:00");
    }

    #[test]
    fn an_account_expires_in_the_future_and_within_two_years() {
        let now = DateTime::UNIX_EPOCH;
        let after = |days| expiry(Some(now + TimeDelta::days(days)), now);
        assert!(after(0).is_err());
        assert!(after(1).is_ok());
        assert!(after(730).is_ok());
        assert!(after(732).is_err());
    }
}
