//! Computes the chains again and compares: each edit, deletion, reordering and late insertion
//! shows. Reads page by page, also beside a live service.

use std::collections::HashMap;
use std::collections::btree_map::{BTreeMap, Entry};

use chrono::{DateTime, TimeDelta, Utc};
use entity::audit_link;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use strum::IntoEnumIterator;

use super::contracts;
use super::head::{Chain, Head};
use super::key::ChainKeys;
use super::report::Report;
use super::row::{self, Row, Source};
use super::unchained::{self, Which};
use super::walk::Walk;
use crate::foundation::database::{Pool, is_unavailable};

/// How many links are read at a time.
const PAGE: u64 = 500;
/// How long a committed row may be without link.
const FRESH: TimeDelta = TimeDelta::minutes(1);
/// How many numbers of a table are searched at a time.
const STRETCH: i64 = 10_000;

/// What is verified, and against what.
#[derive(Debug)]
pub struct Verification<'a> {
    /// The database.
    pub db: &'a Pool,
    /// The keys that links were made with.
    pub keys: &'a ChainKeys,
    /// The time.
    pub now: DateTime<Utc>,
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

    #[expect(clippy::disallowed_methods, reason = "the chains are over all rows")]
    async fn chain_after(&self, chain: Option<Chain>) -> Result<Option<Chain>, DbErr> {
        let mut links = audit_link::Entity::find();
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
        let mut walk = Walk {
            chain,
            position: 0,
            hash: String::new(),
            latest: HashMap::new(),
        };
        let mut after = i64::MIN;
        loop {
            let links = self.links(chain, after).await?;
            let Some(last) = links.last() else { break };
            after = last.position;
            let rows = self.rows(&links, report).await?;
            for link in links {
                self.compare_expected(chain, &link, report);
                let row = link.source.parse().ok();
                let row = row.and_then(|source: Source| rows.get(&(source, link.row_sequence)));
                walk.step(link, row, self.keys, report);
            }
        }
        if walk.position > 0 {
            report.heads.push(Head {
                chain,
                position: walk.position,
                hash: walk.hash,
            });
        }
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "the chains are over all rows")]
    async fn links(&self, chain: Chain, after: i64) -> Result<Vec<audit_link::Model>, DbErr> {
        use audit_link::Column;
        audit_link::Entity::find()
            .filter(Column::ChainId.eq(chain.id()))
            .filter(Column::Position.gt(after))
            .order_by_asc(Column::Position)
            .limit(PAGE)
            .all(self.db)
            .await
    }

    /// The rows that these links bind.
    async fn rows(
        &self,
        links: &[audit_link::Model],
        report: &mut Report,
    ) -> Result<HashMap<(Source, i64), Row>, DbErr> {
        let mut rows = HashMap::new();
        for source in Source::iter() {
            let of_source = links
                .iter()
                .filter(|link| link.source == source.to_string());
            let sequences: Vec<i64> = of_source.map(|link| link.row_sequence).collect();
            let found = match row::read(self.db, source, sequences.clone()).await {
                Err(error) if !is_unavailable(&error) => {
                    self.readable(source, sequences, report).await?
                }
                found => found?,
            };
            rows.extend(found.into_iter().map(|row| ((source, row.sequence), row)));
        }
        Ok(rows)
    }

    /// One by one, when one of them holds what no column of its kind can hold.
    async fn readable(
        &self,
        source: Source,
        sequences: Vec<i64>,
        report: &mut Report,
    ) -> Result<Vec<Row>, DbErr> {
        let mut rows = Vec::new();
        for sequence in sequences {
            match row::read(self.db, source, vec![sequence]).await {
                Ok(found) => rows.extend(found),
                Err(error) if is_unavailable(&error) => return Err(error),
                Err(error) => report.fault(format!(
                    "{source} {sequence} cannot be read any more, so it was changed: {error}"
                )),
            }
        }
        Ok(rows)
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
        let none = std::collections::BTreeSet::new();
        let which = self.only.map_or(Which::AllBut(&none), Which::Of);
        let mut found: BTreeMap<Chain, Lump> = BTreeMap::new();
        let mut above = i64::MIN;
        while let Some(next) = unchained::next_above(self.db, source, above).await? {
            let end = next.saturating_add(STRETCH);
            let mut from = next.saturating_sub(1);
            loop {
                let range = (from, end);
                let rows = unchained::in_range(self.db, source, range, which, PAGE).await?;
                let Some(last) = rows.last() else { break };
                from = last.sequence;
                for row in rows {
                    if (row.at - self.now).abs() > FRESH {
                        note(&mut found, &row);
                    }
                }
            }
            above = end;
        }
        for (chain, lump) in found {
            let Lump { rows, first, last } = lump;
            report.fault(format!(
                "chain {chain}: {rows} {source} rows are in no chain, from {first} to {last}: inserted \
                 into the past, their links deleted, or not yet chained because no service runs"
            ));
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
    match found.entry(row.chain) {
        Entry::Vacant(place) => {
            place.insert(Lump {
                rows: 1,
                first: row.sequence,
                last: row.sequence,
            });
        }
        Entry::Occupied(mut place) => {
            let lump = place.get_mut();
            lump.rows += 1;
            lump.last = row.sequence;
        }
    }
}
