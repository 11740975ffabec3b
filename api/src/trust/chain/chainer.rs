//! Makes the links. Whoever writes lines of the access log binds them in the same transaction; whoever
//! gives events their places in the feed ([`place`](super::place)) binds them there. So what is bound is
//! found by no search, and its order is that of the transactions, whatever clocks say.
//!
//! Several instances may do it at once: a chain is one transaction's at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use entity::access_entry::ActiveModel;
use entity::audit_link;
use sea_orm::sea_query::Order;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Set,
};

use super::head::{Chain, Head};
use super::key::ChainKey;
use super::lines;
use super::row::{Row, Source};
use crate::foundation::database::{Database, Transaction};
use crate::foundation::state::State;
use crate::foundation::state::ends::{End, Ends};
use crate::foundation::unscoped;

/// The kind of our locks in PostgreSQL that are chains.
const CHAINS: i32 = 5_642_185;

/// Makes links, and remembers how far the chains had come.
#[derive(Debug)]
pub struct Chainer {
    key: ChainKey,
    ends: Ends,
}

/// A chain that this transaction has for itself.
pub(super) struct Held {
    chain: Chain,
    /// Its last link; nothing when it goes on no more.
    last: Option<Head>,
}

impl Held {
    /// The position of the next link, if there will be one.
    pub(super) fn next(&self) -> Option<i64> {
        self.last.as_ref().map(|last| last.position + 1)
    }
}

impl Chainer {
    /// One that knows of no chain yet.
    #[must_use]
    pub fn new(key: ChainKey) -> Self {
        Self {
            key,
            ends: Ends::default(),
        }
    }

    /// The service's own.
    #[must_use]
    pub fn of(state: &State) -> Self {
        Self {
            key: ChainKey::of(&state.keys),
            ends: state.ends.clone(),
        }
    }

    /// Writes lines of the access log, and binds them.
    ///
    /// # Errors
    /// When the database does not take them; nothing of them is written then.
    pub async fn append(&self, db: &Database, mut lines: Vec<ActiveModel>) -> Result<(), DbErr> {
        let txn = db.begin().await?;
        let chains: BTreeSet<Chain> = lines.iter().map(chain_of).collect();
        let held = self.hold(&txn, &chains).await?;
        for line in &mut lines {
            line.link = Set(held.get(&chain_of(line)).and_then(Held::next));
        }
        let written = lines::write(&txn, lines).await?;
        let mut batches: BTreeMap<Chain, Vec<Row>> = BTreeMap::new();
        for row in written.into_iter().map(Row::from) {
            batches.entry(row.chain()).or_default().push(row);
        }
        let batches = held.values().filter_map(|held| {
            let rows = batches.remove(&held.chain)?;
            Some((held, rows))
        });
        let heads = self.bind(&txn, Source::Access, batches).await?;
        txn.commit().await?;
        self.reached(heads);
        Ok(())
    }

    /// Has these chains for the transaction alone, until its end.
    pub(super) async fn hold(
        &self,
        txn: &Transaction,
        chains: &BTreeSet<Chain>,
    ) -> Result<BTreeMap<Chain, Held>, DbErr> {
        lock(txn, chains).await?;
        let mut held = BTreeMap::new();
        for chain in chains.iter().copied() {
            let last = self.end(txn, chain).await?;
            held.insert(chain, Held { chain, last });
        }
        Ok(held)
    }

    /// Where this chain ends; nothing when it no longer holds what it held before.
    async fn end(&self, txn: &Transaction, chain: Chain) -> Result<Option<Head>, DbErr> {
        let last = last(txn, chain).await?;
        let last = last.map_or((0, String::new()), |link| (link.position, link.hash));
        match self.ends.of(chain.id()) {
            Some(End::Broken) => return Ok(None),
            Some(End::At(position, hash)) if last != (position, hash.clone()) => {
                let there = at(txn, chain, position).await?;
                if there.is_none_or(|link| link.hash != hash) {
                    tracing::error!(%chain, position,
                        "the audit chain no longer holds what it held: somebody changed the database");
                    self.ends.note(chain.id(), End::Broken);
                    return Ok(None);
                }
            }
            _ => {}
        }
        let (position, hash) = last;
        Ok(Some(Head {
            chain,
            position,
            hash,
        }))
    }

    /// Writes a link for each batch of rows, of chains that go on, and gives the heads that they lead to.
    pub(super) async fn bind<'a>(
        &self,
        txn: &Transaction,
        source: Source,
        batches: impl Iterator<Item = (&'a Held, Vec<Row>)>,
    ) -> Result<Vec<Head>, DbErr> {
        let (mut links, mut heads) = (Vec::new(), Vec::new());
        for (held, mut rows) in batches {
            rows.sort_by_key(Row::sequence);
            let (Some(last), Some(position)) = (&held.last, held.next()) else {
                continue;
            };
            let (Some(from), Some(to)) = (rows.first(), rows.last()) else {
                continue;
            };
            let hash = self
                .key
                .hash_batch(held.chain, position, &last.hash, source, &rows)?;
            links.push(audit_link::ActiveModel {
                chain_id: Set(held.chain.id()),
                position: Set(position),
                source: Set(source.to_string()),
                row_sequence: Set(from.sequence()),
                last_sequence: Set(Some(to.sequence())),
                key_id: Set(self.key.id().to_owned()),
                hash: Set(hash.clone()),
            });
            heads.push(Head {
                chain: held.chain,
                position,
                hash,
            });
        }
        if !links.is_empty() {
            audit_link::Entity::insert_many(links)
                .exec_without_returning(txn)
                .await?;
        }
        Ok(heads)
    }

    /// Remembers what was committed.
    pub(super) fn reached(&self, heads: Vec<Head>) {
        for head in heads {
            let end = End::At(head.position, head.hash);
            self.ends.note(head.chain.id(), end);
        }
    }

    /// Where the chains ended when they were last seen.
    pub(super) fn heads(&self) -> Vec<Head> {
        let seen = self.ends.seen().into_iter();
        let heads = seen.filter_map(|(chain, end)| match end {
            End::At(position, hash) => Some(Head {
                chain: Chain::of(Some(chain)),
                position,
                hash,
            }),
            End::Broken => None,
        });
        heads.collect()
    }
}

fn chain_of(line: &ActiveModel) -> Chain {
    Chain::of(*line.organization_id.as_ref())
}

/// In one order for all, lest two wait for one another. On SQLite a transaction that writes is alone.
async fn lock(txn: &Transaction, chains: &BTreeSet<Chain>) -> Result<(), DbErr> {
    if txn.get_database_backend() != DbBackend::Postgres || chains.is_empty() {
        return Ok(());
    }
    let names: BTreeSet<i32> = chains.iter().map(|chain| chain.lock()).collect();
    let mut list = String::new();
    for name in names {
        let comma = if list.is_empty() { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(list, "{comma}{name}");
    }
    let locked =
        format!("SELECT pg_advisory_xact_lock({CHAINS}, name) FROM unnest(ARRAY[{list}]) name");
    txn.execute_unprepared(&locked).await?;
    Ok(())
}

async fn last(db: &impl ConnectionTrait, chain: Chain) -> Result<Option<audit_link::Model>, DbErr> {
    unscoped::rows::<audit_link::Entity>()
        .filter(audit_link::Column::ChainId.eq(chain.id()))
        .order_by(audit_link::Column::Position, Order::Desc)
        .limit(1)
        .one(db)
        .await
}

/// The link at this place.
async fn at(
    db: &impl ConnectionTrait,
    chain: Chain,
    position: i64,
) -> Result<Option<audit_link::Model>, DbErr> {
    unscoped::row::<audit_link::Entity>((chain.id(), position))
        .one(db)
        .await
}
