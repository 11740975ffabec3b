//! What a service of before there were batches left without link, because it was killed: bound once, by
//! the first service that makes batches.

use std::collections::{BTreeMap, BTreeSet};

use entity::{access_entry, audit_link, event};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, DbErr, QueryFilter, QueryOrder, QuerySelect};
use strum::IntoEnumIterator;

use super::chainer::{Chainer, Held};
use super::head::Chain;
use super::row::{Chained, Row, Source};
use super::unchained;
use crate::foundation::database::{Database, Transaction};
use crate::foundation::unscoped;

/// How far below the highest number bound a row could be without link: it was never bound below that.
const FAR: i64 = 10_000;
/// How many rows at most one link binds here.
const AT_A_TIME: u64 = 1_000;

impl Chainer {
    /// Binds it, unless there are batches already, and says how many rows that were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn adopt(&self, db: &Database) -> Result<usize, DbErr> {
        let mut adopted = 0;
        if !is_before_batches(db).await? {
            return Ok(0);
        }
        for source in Source::iter() {
            let Some(highest) = highest_bound(db, source).await? else {
                continue;
            };
            let mut above = highest - FAR;
            loop {
                let range = (above, i64::MAX);
                let rows = unchained::in_range(db.reader(), source, range, None, AT_A_TIME).await?;
                let Some(last) = rows.last() else { break };
                above = last.sequence();
                adopted += self.adopt_rows(db, source, rows).await?;
            }
        }
        Ok(adopted)
    }

    /// Those that have no place in the feed yet are bound with it.
    async fn adopt_rows(
        &self,
        db: &Database,
        source: Source,
        rows: Vec<Row>,
    ) -> Result<usize, DbErr> {
        let mut by_chain: BTreeMap<Chain, Vec<i64>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.has_place()) {
            by_chain
                .entry(row.chain())
                .or_default()
                .push(row.sequence());
        }
        let chains: BTreeSet<Chain> = by_chain.keys().copied().collect();
        let txn = db.begin().await?;
        let held = self.hold(&txn, &chains).await?;
        let mut batches: Vec<(&Held, Vec<Row>)> = Vec::new();
        let mut count = 0;
        for (chain, sequences) in by_chain {
            if let Some((held, link)) = held.get(&chain).and_then(|held| Some((held, held.next()?)))
            {
                let rows = named(&txn, source, link, sequences).await?;
                count += rows.len();
                batches.push((held, rows));
            }
        }
        let heads = self.bind(&txn, source, batches.into_iter()).await?;
        txn.commit().await?;
        self.reached(heads);
        Ok(count)
    }
}

/// Has these rows name their link.
async fn named(
    txn: &Transaction,
    source: Source,
    link: i64,
    sequences: Vec<i64>,
) -> Result<Vec<Row>, DbErr> {
    match source {
        Source::Event => naming::<event::Entity>(txn, link, sequences).await,
        Source::Access => naming::<access_entry::Entity>(txn, link, sequences).await,
    }
}

async fn naming<E: Chained>(
    txn: &Transaction,
    link: i64,
    sequences: Vec<i64>,
) -> Result<Vec<Row>, DbErr>
where
    Row: From<E::Model>,
{
    let named = E::update_many()
        .col_expr(E::LINK, Expr::value(link))
        .filter(E::SEQUENCE.is_in(sequences))
        .exec_with_returning(txn)
        .await?;
    Ok(named.into_iter().map(Row::from).collect())
}

async fn is_before_batches(db: &Database) -> Result<bool, DbErr> {
    let some =
        has_batches::<access_entry::Entity>(db).await? || has_batches::<event::Entity>(db).await?;
    Ok(!some)
}

/// Whether a batch binds one of these rows: the newest, as a rule.
async fn has_batches<E: Chained>(db: &Database) -> Result<bool, DbErr> {
    let newest: Option<i64> = unscoped::rows::<E>()
        .select_only()
        .column(E::SEQUENCE)
        .filter(E::LINK.is_not_null())
        .order_by_desc(E::SEQUENCE)
        .limit(1)
        .into_tuple()
        .one(db.reader())
        .await?;
    Ok(newest.is_some())
}

async fn highest_bound(db: &Database, source: Source) -> Result<Option<i64>, DbErr> {
    let highest: Option<Option<i64>> = unscoped::rows::<audit_link::Entity>()
        .select_only()
        .expr(audit_link::Column::RowSequence.max())
        .filter(audit_link::Column::Source.eq(source.to_string()))
        .into_tuple()
        .one(db.reader())
        .await?;
    Ok(highest.flatten())
}
