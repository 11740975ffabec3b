//! A walk along a chain: whether each link follows from the one before it and from its row.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::audit_link;

use super::head::Chain;
use super::key::ChainKeys;
use super::report::Report;
use super::row::{Row, Source};

/// By how much a row may be older than those chained before it: a line of the access log may wait
/// for ten minutes.
const LATE: TimeDelta = TimeDelta::minutes(15);

/// A walk along a chain, as far as it came.
pub(super) struct Walk {
    pub(super) chain: Chain,
    pub(super) position: i64,
    pub(super) hash: String,
    /// The latest instant met, by table.
    pub(super) latest: HashMap<Source, DateTime<Utc>>,
}

impl Walk {
    /// One link further; after a fault from what is stored, so that each fault is told once.
    pub(super) fn step(
        &mut self,
        link: audit_link::Model,
        row: Option<&Row>,
        keys: &ChainKeys,
        report: &mut Report,
    ) {
        let (chain, position) = (self.chain, link.position);
        let place = format!(
            "chain {chain}, position {position} ({} {})",
            link.source, link.row_sequence
        );
        let follows = position == self.position + 1;
        if !follows {
            report.fault(format!(
                "chain {chain}: position {position} follows position {}: links between were \
                 deleted, or this one was added",
                self.position
            ));
        }
        match (row, keys.of(&link)) {
            (None, _) => report.fault(format!("{place}: the row is gone")),
            (_, None) => report.fault(format!(
                "{place}: made with key {}, which is not given: a former mac.key (--former-key), \
                 or a forged link",
                link.key_id
            )),
            (Some(row), _) if row.chain != chain => report.fault(format!(
                "{place}: the row was changed: it names the organization {} now",
                row.chain
            )),
            (Some(row), Some(key)) => {
                let hash = key.hash(chain, position, &self.hash, &row.canonical);
                if follows && hash != link.hash {
                    report.fault(format!(
                        "{place}: the hash differs: the row or the link was changed, or moved"
                    ));
                }
                self.check_time(row, &place, report);
            }
        }
        self.position = position;
        self.hash = link.hash;
    }

    /// Rows are chained roughly in the order of time.
    fn check_time(&mut self, row: &Row, place: &str, report: &mut Report) {
        let latest = self.latest.entry(row.source).or_insert(row.at);
        if row.at < *latest - LATE {
            report.fault(format!(
                "{place}: of {}, but chained after one of {latest}: inserted into the past",
                row.at
            ));
        }
        *latest = row.at.max(*latest);
    }
}
