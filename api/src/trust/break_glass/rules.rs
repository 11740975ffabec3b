//! When break-glass is over.

use chrono::{DateTime, Utc};
use entity::break_glass;

/// Whether the admin reads nothing by it any more: its time has passed, or somebody ended it.
pub(super) fn is_over(row: &break_glass::Model, now: DateTime<Utc>) -> bool {
    row.ended_at.is_some() || row.expires_at <= now
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;

    fn for_an_hour() -> break_glass::Model {
        let now = DateTime::UNIX_EPOCH;
        break_glass::Model {
            id: Uuid::nil(),
            organization_id: Uuid::nil(),
            booklet_id: Uuid::nil(),
            admin_id: Uuid::nil(),
            admin_name: String::new(),
            reason: String::new(),
            expires_at: now + TimeDelta::hours(1),
            ended_at: None,
            ended_by: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    #[test]
    fn an_hour_is_over_after_an_hour_and_not_before() {
        let row = for_an_hour();
        let almost = row.expires_at - TimeDelta::microseconds(1);
        assert!(!is_over(&row, almost));
        assert!(is_over(&row, row.expires_at));
    }

    #[test]
    fn what_was_ended_is_over_at_once() {
        let row = for_an_hour();
        let ended = break_glass::Model {
            ended_at: Some(row.created_at),
            ..row
        };
        assert!(is_over(&ended, ended.created_at));
    }
}
