//! A walk along a chain: whether each link follows from the one before it and from its rows.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::audit_link;
use sea_orm::DbErr;

use super::head::{Chain, Head};
use super::key::{ChainKey, ChainKeys};
use super::report::Report;
use super::row::{Row, Source};

/// By how much a row may be older than those chained before it without being told: a line of the access log may
/// wait for ten minutes.
const LATE: TimeDelta = TimeDelta::minutes(15);

/// A walk along a chain, as far as it came.
pub(super) struct Walk {
    chain: Chain,
    position: i64,
    hash: String,
    /// The latest instant met, by table.
    latest: HashMap<Source, DateTime<Utc>>,
    late: Late,
}

/// Rows that are much older than those chained before them.
#[derive(Default)]
struct Late {
    rows: u64,
    /// The first of them.
    place: String,
}

impl Walk {
    pub(super) fn along(chain: Chain) -> Self {
        Self {
            chain,
            position: 0,
            hash: String::new(),
            latest: HashMap::new(),
            late: Late::default(),
        }
    }

    /// One link further, which has these rows; after a fault from what is stored, so that each fault is
    /// told once.
    pub(super) fn step(
        &mut self,
        link: audit_link::Model,
        rows: &[Row],
        keys: &ChainKeys,
        report: &mut Report,
    ) -> Result<(), DbErr> {
        let (chain, position) = (self.chain, link.position);
        let place = place(chain, &link);
        let follows = position == self.position + 1;
        if !follows {
            report.fault(format!(
                "chain {chain}: position {position} follows position {}: links between were \
                 deleted, or this one was added",
                self.position
            ));
        }
        match (rows, keys.of(&link)) {
            ([], _) if link.last_sequence.is_some() => {
                report.fault(format!("{place}: the rows are gone"));
            }
            ([], _) => report.fault(format!("{place}: the row is gone")),
            (_, None) => report.fault(format!(
                "{place}: made with key {}, which is not given: a former mac.key (--former-key), \
                 or a forged link",
                link.key_id
            )),
            ([row, ..], _) if row.chain() != chain => report.fault(format!(
                "{place}: the row was changed: it names the organization {} now",
                row.chain()
            )),
            (rows, Some(key)) => {
                if follows && self.hash(key, &link, rows)? != link.hash {
                    report.fault(format!(
                        "{place}: the hash differs: {} or the link was changed, moved, added or deleted",
                        if rows.len() == 1 { "the row" } else { "a row" }
                    ));
                }
                for row in rows {
                    self.check_time(row, &place);
                }
            }
        }
        self.position = position;
        self.hash = link.hash;
        Ok(())
    }

    /// The hash that the link should have.
    fn hash(
        &self,
        key: &ChainKey,
        link: &audit_link::Model,
        rows: &[Row],
    ) -> Result<String, DbErr> {
        let (chain, position) = (self.chain, link.position);
        match (link.last_sequence, rows) {
            (None, [row]) => Ok(key.hash(chain, position, &self.hash, &row.formerly()?)),
            _ => {
                let source = rows.first().map_or(Source::Event, Row::source);
                key.hash_batch(chain, position, &self.hash, source, rows)
            }
        }
    }

    /// Rows are chained roughly in the order of time, as long as clocks are right.
    fn check_time(&mut self, row: &Row, place: &str) {
        let latest = self.latest.entry(row.source()).or_insert(row.at());
        if row.at() < *latest - LATE {
            if self.late.rows == 0 {
                self.late.place = format!("{} {} at {place}", row.source(), row.sequence());
            }
            self.late.rows += 1;
        }
        *latest = row.at().max(*latest);
    }

    /// How far it came.
    pub(super) fn end(self, report: &mut Report) {
        let Self { chain, late, .. } = self;
        if late.rows > 0 {
            report.note(format!(
                "chain {chain}: {} rows are older by more than 15 minutes than rows chained before them, the \
                 first one {}: a clock was wrong, or somebody wrote them into the database",
                late.rows, late.place
            ));
        }
        if self.position > 0 {
            report.heads.push(Head {
                chain,
                position: self.position,
                hash: self.hash,
            });
        }
    }
}

/// Where a fault is.
pub(super) fn place(chain: Chain, link: &audit_link::Model) -> String {
    let (source, first) = (&link.source, link.row_sequence);
    let rows = match link.last_sequence {
        Some(last) if last != first => format!("{source} {first} to {last}"),
        _ => format!("{source} {first}"),
    };
    format!("chain {chain}, position {} ({rows})", link.position)
}
