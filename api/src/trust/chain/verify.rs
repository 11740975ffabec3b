//! Computes the chains again and compares: each edit, deletion, reordering and late insertion
//! shows. Reads page by page, also beside a live service.

use std::collections::btree_map::{BTreeMap, Entry};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::audit_link;
use sea_orm::{ColumnTrait, DbErr, QueryFilter, QueryOrder, QuerySelect};
use strum::IntoEnumIterator;

use super::bound;
use super::contracts;
use super::head::{Chain, Head};
use super::key::ChainKeys;
use super::report::Report;
use super::row::{self, Row, Source};
use super::unchained;
use super::walk::Walk;
use crate::foundation::database::Pool;
use crate::foundation::unscoped;

/// How many links are read at a time.
const PAGE: u64 = 500;
/// How long a committed event may be without link.
const FRESH: TimeDelta = TimeDelta::minutes(1);
/// How many numbers of a table are searched at a time.
const STRETCH: i64 = 10_000;
/// How many rows are looked at again at a time.
const AT_A_TIME: usize = 1_000;

/// What is verified, and against what.
#[derive(Debug)]
pub struct Verification<'a> {
    /// The database.
    pub db: &'a Pool,
    /// The keys that links were made with.
    pub keys: &'a ChainKeys,
    /// The time.
    pub now: DateTime<Utc>,
    /// How long to wait for a service to chain what waits.
    pub patience: Duration,
    /// This chain alone.
    pub only: Option<Chain>,
    /// Heads that were noted before, which the chains must still hold.
    pub expected: Vec<Head>,
}

impl Verification<'_> {
    /// Verifies it all.
    ///
    /// # Errors
    /// When the database does not answer, or holds what cannot be read.
    pub async fn run(&self) -> Result<Report, DbErr> {
        let mut report = Report::default();
        let mut chain = self.first_chain().await?;
        while let Some(present) = chain {
            self.walk(present, &mut report).await?;
            chain = match self.only {
                Some(_) => None,
                None => self.chain_after(Some(present)).await?,
            };
        }
        self.compare_ends(&mut report);
        for source in Source::iter() {
            self.unchained(source, &mut report).await?;
        }
        contracts::compare(self.db, self.only, &mut report).await?;
        Ok(report)
    }

    async fn first_chain(&self) -> Result<Option<Chain>, DbErr> {
        match self.only {
            Some(chain) => Ok(Some(chain)),
            None => self.chain_after(None).await,
        }
    }

    async fn chain_after(&self, chain: Option<Chain>) -> Result<Option<Chain>, DbErr> {
        let mut links = unscoped::rows::<audit_link::Entity>();
        if let Some(chain) = chain {
            links = links.filter(audit_link::Column::ChainId.gt(chain.id()));
        }
        let next = links
            .order_by_asc(audit_link::Column::ChainId)
            .limit(1)
            .one(self.db)
            .await?;
        Ok(next.map(|link| Chain::of(Some(link.chain_id))))
    }

    /// Walks a chain from its beginning to its end.
    async fn walk(&self, chain: Chain, report: &mut Report) -> Result<(), DbErr> {
        let mut walk = Walk::along(chain);
        let mut after = i64::MIN;
        loop {
            let mut links = self.links(chain, after).await?;
            links.truncate(bound::at_a_time(&links));
            let Some(last) = links.last() else { break };
            after = last.position;
            let mut rows = bound::rows(self.db, chain, &links, report).await?;
            for link in links {
                self.compare_expected(chain, &link, report);
                let rows = rows.remove(&link.position).unwrap_or_default();
                walk.step(link, &rows, self.keys, report)?;
            }
        }
        walk.end(report);
        Ok(())
    }

    async fn links(&self, chain: Chain, after: i64) -> Result<Vec<audit_link::Model>, DbErr> {
        use audit_link::Column;
        unscoped::rows::<audit_link::Entity>()
            .filter(Column::ChainId.eq(chain.id()))
            .filter(Column::Position.gt(after))
            .order_by_asc(Column::Position)
            .limit(PAGE)
            .all(self.db)
            .await
    }

    fn compare_expected(&self, chain: Chain, link: &audit_link::Model, report: &mut Report) {
        let mut expected = self.expected.iter();
        let differs = expected.any(|head| {
            head.chain == chain && head.position == link.position && head.hash != link.hash
        });
        if differs {
            report.fault(format!(
                "chain {chain}, position {}: not the hash that was noted: the chain was made anew",
                link.position
            ));
        }
    }

    /// A chain never gets shorter.
    fn compare_ends(&self, report: &mut Report) {
        for noted in &self.expected {
            if self.only.is_some_and(|only| only != noted.chain) {
                continue;
            }
            let mut heads = report.heads.iter();
            let reached = heads.find(|head| head.chain == noted.chain);
            let reached = reached.map_or(0, |head| head.position);
            if reached < noted.position {
                report.fault(format!(
                    "chain {}: it ends at position {reached} and had reached {}: its end was cut off",
                    noted.chain, noted.position
                ));
            }
        }
    }

    /// Rows that should be chained by now.
    async fn unchained(&self, source: Source, report: &mut Report) -> Result<(), DbErr> {
        let mut found: BTreeMap<Chain, Lump> = BTreeMap::new();
        let mut waiting = Vec::new();
        let mut above = i64::MIN;
        while let Some(next) = unchained::next_above(self.db, source, above).await? {
            let end = next.saturating_add(STRETCH);
            let mut from = next.saturating_sub(1);
            loop {
                let range = (from, end);
                let rows = unchained::in_range(self.db, source, range, self.only, PAGE).await?;
                let Some(last) = rows.last() else { break };
                from = last.sequence();
                for row in rows {
                    if row.has_place() {
                        note(&mut found, &row);
                    } else if (row.at() - self.now).abs() > FRESH {
                        waiting.push(row.sequence());
                    }
                }
            }
            above = end;
        }
        self.wait_for(source, waiting, &mut found).await?;
        for (chain, lump) in found {
            let Lump { rows, first, last } = lump;
            report.fault(format!(
                "chain {chain}: {rows} {source} rows are in no chain, from {first} to {last}: written \
                 by somebody else, their links deleted, or not yet chained because no service runs"
            ));
        }
        Ok(())
    }

    /// An event that waits for its link may be of this moment, whatever the clock of whoever wrote it said:
    /// what still waits after some seconds is told.
    async fn wait_for(
        &self,
        source: Source,
        waiting: Vec<i64>,
        found: &mut BTreeMap<Chain, Lump>,
    ) -> Result<(), DbErr> {
        if waiting.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(self.patience).await;
        for some in waiting.chunks(AT_A_TIME) {
            let rows = row::read(self.db, source, some.to_vec()).await?;
            for row in rows.iter().filter(|row| !row.has_place()) {
                note(found, row);
            }
        }
        Ok(())
    }
}

/// Unchained rows of one chain and table.
struct Lump {
    rows: u64,
    first: i64,
    last: i64,
}

fn note(found: &mut BTreeMap<Chain, Lump>, row: &Row) {
    match found.entry(row.chain()) {
        Entry::Vacant(place) => {
            place.insert(Lump {
                rows: 1,
                first: row.sequence(),
                last: row.sequence(),
            });
        }
        Entry::Occupied(mut place) => {
            let lump = place.get_mut();
            lump.rows += 1;
            lump.last = row.sequence();
        }
    }
}
