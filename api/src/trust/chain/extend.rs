//! The background job that chains what was committed, off the way of requests. Several instances
//! may do it at once: a position of a chain is taken once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::audit_link;
use sea_orm::sea_query::Order;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set, SqlErr,
};
use strum::IntoEnumIterator;

use super::head::{Chain, Head};
use super::key::ChainKey;
use super::pace::{Rest, Window};
use super::row::{Row, Source};
use super::unchained::{self, Which};
use crate::foundation::database::{Database, is_unavailable, plan_by_values};
use crate::foundation::state::State;
use crate::kit::write::event::many;

/// How many failures in a row are told: a database that is busy once is no news.
const FAILURES_TOLD: u32 = 3;
/// How often the heads are logged: whoever keeps logs elsewhere can then prove that no end was cut.
const HOUR: Duration = Duration::from_secs(3600);
/// How long the last round may take, when the service stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// How many rows of each table are bound at a time.
const BATCH: u64 = 1_000;

/// Extends the chains, and remembers how far they had come.
#[derive(Debug)]
pub struct Chainer {
    key: ChainKey,
    heads: HashMap<Chain, Head>,
    /// Those that were cut or changed under our eyes: they do not go on, so that it shows.
    broken: BTreeSet<Chain>,
    window: Window,
}

/// Rows that wait for a link.
struct Waiting {
    rows: Vec<Row>,
    /// Whether more of them may wait.
    is_full: bool,
}

impl Chainer {
    /// One that knows of no chain yet.
    #[must_use]
    pub fn new(key: ChainKey) -> Self {
        Self {
            key,
            heads: HashMap::new(),
            broken: BTreeSet::new(),
            window: Window::new(),
        }
    }

    /// Binds the rows that are committed and not yet bound, and says how many. What is written
    /// meanwhile waits for the next round.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn extend(&mut self, db: &Database) -> Result<usize, DbErr> {
        let depth = self.window.depth();
        let mut bound = 0;
        loop {
            let Some(waiting) = self.committed(db, depth).await? else {
                return Ok(bound);
            };
            let mut by_chain: BTreeMap<Chain, Vec<Row>> = BTreeMap::new();
            for row in waiting.rows {
                by_chain.entry(row.chain).or_default().push(row);
            }
            let (mut links, mut heads) = (Vec::new(), Vec::new());
            for (chain, rows) in by_chain {
                if let Some(head) = self.head(db, chain).await? {
                    heads.push(self.bind(head, rows, &mut links));
                }
            }
            if !links.is_empty() {
                self.window.is_moving();
                let count = links.len();
                let written = audit_link::Entity::insert_many(links)
                    .exec_without_returning(db.writer())
                    .await;
                match written {
                    Ok(_) => bound += count,
                    // Another instance was faster: what it left waits for the next time.
                    Err(error) if is_taken(&error) => return Ok(bound),
                    Err(error) => return Err(error),
                }
                self.heads
                    .extend(heads.into_iter().map(|head| (head.chain, head)));
            }
            if !waiting.is_full {
                self.window.looked(depth, bound);
                return Ok(bound);
            }
        }
    }

    /// The rows that wait for a link; nothing while a transaction writes many events, so that none
    /// of them is below the window when they are committed.
    async fn committed(&self, db: &Database, depth: i64) -> Result<Option<Waiting>, DbErr> {
        if db.reader().get_database_backend() == DbBackend::Sqlite {
            return self.unchained(db.reader(), depth).await.map(Some);
        }
        let txn = db.begin_to_read().await?;
        plan_by_values(&txn).await?;
        let waiting = match many::is_nobody_writing(&txn).await? {
            true => Some(self.unchained(&txn, depth).await?),
            false => None,
        };
        // Whoever asks next must not meet this one.
        txn.commit().await?;
        Ok(waiting)
    }

    async fn unchained(&self, db: &impl ConnectionTrait, depth: i64) -> Result<Waiting, DbErr> {
        let mut rows = Vec::new();
        let mut is_full = false;
        for source in Source::iter() {
            let above = highest_chained(db, source).await? - depth;
            let range = (above, i64::MAX);
            let which = Which::AllBut(&self.broken);
            let found = unchained::in_range(db, source, range, which, BATCH).await?;
            is_full |= u64::try_from(found.len()).is_ok_and(|count| count >= BATCH);
            rows.extend(found);
        }
        Ok(Waiting { rows, is_full })
    }

    /// Adds the links of these rows to those of others, and gives the head that they lead to.
    fn bind(
        &self,
        mut head: Head,
        mut rows: Vec<Row>,
        links: &mut Vec<audit_link::ActiveModel>,
    ) -> Head {
        rows.sort_by_key(|row| (row.at, row.source, row.sequence));
        for row in rows {
            head.position += 1;
            head.hash = self
                .key
                .hash(head.chain, head.position, &head.hash, &row.canonical);
            links.push(audit_link::ActiveModel {
                chain_id: Set(head.chain.id()),
                position: Set(head.position),
                source: Set(row.source.to_string()),
                row_sequence: Set(row.sequence),
                key_id: Set(self.key.id().to_owned()),
                hash: Set(head.hash.clone()),
            });
        }
        head
    }

    /// Where this chain ends; nothing when it no longer holds what it held before.
    async fn head(&mut self, db: &Database, chain: Chain) -> Result<Option<Head>, DbErr> {
        if let Some(known) = self.heads.get(&chain) {
            let there = at(db.reader(), chain, known.position).await?;
            if there.is_none_or(|link| link.hash != known.hash) {
                tracing::error!(%chain, position = known.position,
                    "the audit chain no longer holds what it held: somebody changed the database");
                self.broken.insert(chain);
                return Ok(None);
            }
        }
        let last = last(db.reader(), chain).await?;
        let (position, hash) = last.map_or((0, String::new()), |link| (link.position, link.hash));
        Ok(Some(Head {
            chain,
            position,
            hash,
        }))
    }
}

fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

#[expect(clippy::disallowed_methods, reason = "the chains are over all rows")]
async fn highest_chained(db: &impl ConnectionTrait, source: Source) -> Result<i64, DbErr> {
    let highest: Option<Option<i64>> = audit_link::Entity::find()
        .select_only()
        .expr(audit_link::Column::RowSequence.max())
        .filter(audit_link::Column::Source.eq(source.to_string()))
        .into_tuple()
        .one(db)
        .await?;
    Ok(highest.flatten().unwrap_or_default())
}

#[expect(clippy::disallowed_methods, reason = "the chains are over all rows")]
async fn last(db: &impl ConnectionTrait, chain: Chain) -> Result<Option<audit_link::Model>, DbErr> {
    audit_link::Entity::find()
        .filter(audit_link::Column::ChainId.eq(chain.id()))
        .order_by(audit_link::Column::Position, Order::Desc)
        .limit(1)
        .one(db)
        .await
}

/// The link at this place.
#[expect(clippy::disallowed_methods, reason = "the chains are over all rows")]
pub(super) async fn at(
    db: &impl ConnectionTrait,
    chain: Chain,
    position: i64,
) -> Result<Option<audit_link::Model>, DbErr> {
    audit_link::Entity::find_by_id((chain.id(), position))
        .one(db)
        .await
}

/// Extends the chains every few seconds, as long as something is written.
pub(crate) async fn extend_forever(state: Arc<State>) {
    let mut chainer = Chainer::new(ChainKey::of(&state.keys));
    let mut failures = 0_u32;
    let mut told = Instant::now();
    loop {
        let rest = Rest::before_a_round(&state.db);
        match chainer.extend(&state.db).await {
            Ok(_) => failures = 0,
            Err(error) => {
                failures = failures.saturating_add(1);
                if failures == FAILURES_TOLD {
                    tracing::error!(%error, "the audit chains cannot be extended");
                } else {
                    tracing::debug!(%error, failures, "the audit chains wait");
                }
            }
        }
        if told.elapsed() >= HOUR {
            told = Instant::now();
            for head in chainer.heads.values() {
                tracing::info!(%head, "head of an audit chain");
            }
        }
        rest.until_due(&state.db).await;
    }
}

/// What the last requests left; what was not chained yet is no fault then.
pub(crate) async fn extend_a_last_time(state: &State) {
    let mut chainer = Chainer::new(ChainKey::of(&state.keys));
    // The workers are gone, and with them what drives the PostgreSQL connections that they opened: each
    // of those fails once, and is replaced.
    let began = Instant::now();
    while let Err(error) = chainer.extend(&state.db).await {
        if began.elapsed() >= FAREWELL || !is_unavailable(&error) {
            tracing::error!(%error, "the audit chains were not extended to their end");
            return;
        }
    }
}
