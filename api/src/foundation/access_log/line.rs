//! A line that waits, and the one that tells of those that were lost.

use chrono::{DateTime, Utc};
use entity::access_entry::ActiveModel;
use entity::values::{AccessKind, AccessOutcome};
use sea_orm::ActiveValue::NotSet;
use sea_orm::Set;

/// What was seen of a request.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) line: ActiveModel,
    /// Whether anybody could cause it by the million.
    pub(crate) is_cheap: bool,
}

/// The line that tells how many lines are missing.
pub(super) fn gap(lost: u32, now: DateTime<Utc>) -> ActiveModel {
    ActiveModel {
        sequence: NotSet,
        organization_id: Set(None),
        at: Set(now),
        actor_id: Set(None),
        actor_role: Set(Some("system".to_owned())),
        session_id: Set(None),
        kind: Set(AccessKind::Gap.to_string()),
        operation: Set("access_log.gap".to_owned()),
        outcome: Set(AccessOutcome::Failed.to_string()),
        status: Set(0),
        code: Set(None),
        resource: Set(None),
        resource_id: Set(None),
        booklet_id: Set(None),
        address: Set(None),
        request_id: Set(None),
        times: Set(i32::try_from(lost).unwrap_or(i32::MAX)),
        private_to: Set(None),
        link: NotSet,
    }
}
