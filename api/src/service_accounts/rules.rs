//! What a service account may be given, and until when.

use chrono::{DateTime, Months, SubsecRound, Utc};
use entity::service_account;
use serde::{Deserialize, Serialize};
use strum::Display;
use utoipa::ToSchema;

use crate::kit::{Code, Fault, Problem, Result};

/// What a service account may do, within what the role `integration` may.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Display,
    strum::EnumIter,
    strum::EnumString,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[schema(as = Scope)]
pub(crate) enum AccountScope {
    #[serde(rename = "booklets:read")]
    #[strum(serialize = "booklets:read")]
    BookletsRead,
    #[serde(rename = "booklets:write")]
    #[strum(serialize = "booklets:write")]
    BookletsWrite,
    #[serde(rename = "candidates:read")]
    #[strum(serialize = "candidates:read")]
    CandidatesRead,
    #[serde(rename = "candidates:write")]
    #[strum(serialize = "candidates:write")]
    CandidatesWrite,
    #[serde(rename = "directory:read")]
    #[strum(serialize = "directory:read")]
    DirectoryRead,
    #[serde(rename = "directory:write")]
    #[strum(serialize = "directory:write")]
    DirectoryWrite,
    #[serde(rename = "appointments:read")]
    #[strum(serialize = "appointments:read")]
    AppointmentsRead,
    #[serde(rename = "appointments:write")]
    #[strum(serialize = "appointments:write")]
    AppointmentsWrite,
    #[serde(rename = "follow-ups:read")]
    #[strum(serialize = "follow-ups:read")]
    FollowUpsRead,
    #[serde(rename = "follow-ups:write")]
    #[strum(serialize = "follow-ups:write")]
    FollowUpsWrite,
    #[serde(rename = "users:read")]
    #[strum(serialize = "users:read")]
    UsersRead,
    #[serde(rename = "users:write")]
    #[strum(serialize = "users:write")]
    UsersWrite,
    #[serde(rename = "events:read")]
    #[strum(serialize = "events:read")]
    EventsRead,
}

/// Until when an account works: a year unless told otherwise, two at most.
pub(super) fn expiry(wanted: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let in_years = |years: u32| now + Months::new(12 * years);
    let Some(wanted) = wanted.map(|wanted| wanted.trunc_subsecs(6)) else {
        return Ok(in_years(1));
    };
    let refused = |code, name, limit: DateTime<Utc>| {
        let fault = Fault::new("/expires_at", code).with(name, limit.to_rfc3339());
        Err(Problem::invalid(vec![fault]))
    };
    if wanted <= now {
        refused("minimum", "min", now)
    } else if wanted > in_years(2) {
        refused("maximum", "max", in_years(2))
    } else {
        Ok(wanted)
    }
}

/// A revoked account is history.
pub(super) fn is_not_revoked(account: &service_account::Model) -> Result<()> {
    match account.revoked_at {
        Some(_) => Err(Problem::new(Code::InvalidTransition)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use chrono::TimeDelta;
    use strum::IntoEnumIterator;

    use super::*;
    use crate::policy::{self, Action, Resource};

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

    #[test]
    fn every_scope_that_the_table_asks_for_can_be_given() {
        for resource in Resource::iter() {
            for action in Action::iter() {
                if let Some(scope) = policy::scope(resource, action) {
                    assert!(AccountScope::from_str(&scope).is_ok(), "{scope}");
                }
            }
        }
    }
}
