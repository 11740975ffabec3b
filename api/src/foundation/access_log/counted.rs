//! Lines that anybody can cause by the million: refusals of callers who have not proved who they
//! are, and 429. The first of each period are written whole, the others as counts.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::access_entry::ActiveModel;
use sea_orm::Set;
use uuid::Uuid;

use super::line::Seen;

/// How long counts grow before they become lines; lost in a crash.
const PERIOD: TimeDelta = TimeDelta::seconds(10);
/// How many lines a period are written whole.
const WHOLE: usize = 100;
/// How many different counts a period has at most; what is beyond is counted without a name.
const KINDS: usize = 200;

/// The operation, the code and whom it is about.
type Kind = (String, Option<String>, Option<Uuid>);

/// The lines of the present period.
#[derive(Debug, Default)]
pub(super) struct Counted {
    since: Option<DateTime<Utc>>,
    whole: usize,
    counts: HashMap<Kind, ActiveModel>,
}

impl Counted {
    /// The line, as long as there is room for it whole; else it is counted.
    pub(super) fn admit(&mut self, seen: Seen) -> Option<ActiveModel> {
        let line = seen.line;
        self.since.get_or_insert(*line.at.as_ref());
        self.whole += 1;
        if self.whole <= WHOLE {
            return Some(line);
        }
        let who = *line.actor_id.as_ref();
        let mut kind = (
            line.operation.as_ref().clone(),
            line.code.as_ref().clone(),
            who,
        );
        let mut line = ActiveModel {
            address: Set(None),
            request_id: Set(None),
            session_id: Set(None),
            resource_id: Set(None),
            booklet_id: Set(None),
            private_to: Set(None),
            times: Set(0),
            ..line
        };
        if self.counts.len() >= KINDS && !self.counts.contains_key(&kind) {
            kind.2 = None;
            line.actor_id = Set(None);
            line.actor_role = Set(None);
            line.organization_id = Set(None);
        }
        let count = self.counts.entry(kind).or_insert(line);
        count.times = Set(count.times.as_ref().saturating_add(1));
        None
    }

    /// The counts, once the period is over or at the end; then a new one begins.
    pub(super) fn due(&mut self, now: DateTime<Utc>, is_end: bool) -> Vec<ActiveModel> {
        let is_over = self.since.is_some_and(|since| now - since >= PERIOD);
        if !is_over && !is_end {
            return Vec::new();
        }
        self.since = None;
        self.whole = 0;
        self.counts.drain().map(|(_, line)| line).collect()
    }
}
