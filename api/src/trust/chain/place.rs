//! Gives committed events their places in the feed of their organization, 1, 2, 3 …, and binds them to its
//! chain.
//!
//! What is not committed yet is not seen, and gets a later place once it is; so nothing ever appears
//! below a place that somebody has read, and nothing is too late to be bound. See ADR 16 and 23.

use std::collections::BTreeSet;

use entity::{event, feed, organization};
use sea_orm::sea_query::{
    Expr, ExprTrait, Func, OnConflict, Order, Query, SelectStatement, TableRef, UpdateStatement,
    WindowStatement,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, FromQueryResult, Iterable, QueryFilter,
    QuerySelect,
};
use uuid::Uuid;

use super::chainer::{Chainer, Held};
use super::head::Chain;
use super::row::{Row, Source};
use crate::foundation::database::{Database, Transaction, plan_by_values};
use crate::foundation::unscoped;

/// How many events get their numbers in one transaction.
const BATCH: u64 = 5000;

/// How far a feed goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The last place given. All up to here can be read.
    pub last: i64,
    /// How many places were given just now.
    pub placed: u64,
    /// Whether committed events wait for theirs.
    pub is_more: bool,
}

impl Chainer {
    /// Gives their places to the committed events of a chain that have none, in the order in which they
    /// were written, some thousands at a time, and binds them.
    ///
    /// # Errors
    /// When the database does not answer, or others keep the chain for too long.
    pub async fn place(&self, db: &Database, chain: Chain) -> Result<End, DbErr> {
        let txn = db.begin().await?;
        plan_by_values(&txn).await?;
        let held = self.hold(&txn, &BTreeSet::from([chain])).await?;
        let before = last_place(&txn, chain).await?;
        let link = held.values().find_map(Held::next);
        let rows = txn.query_all(&numbering(chain, before, link)).await?;
        let mut placed = Vec::new();
        for row in &rows {
            placed.push(Row::from(event::Model::from_query_result(row, "")?));
        }
        let count = placed.len() as u64;
        let shown = placed.iter().filter(|row| row.is_shown()).count() as u64;
        let last = before.saturating_add_unsigned(shown);
        let batches = held
            .values()
            .map(|held| (held, std::mem::take(&mut placed)));
        let heads = self.bind(&txn, Source::Event, batches).await?;
        note_end(&txn, chain, last).await?;
        txn.commit().await?;
        self.reached(heads);
        Ok(End {
            last,
            placed: count,
            is_more: count == BATCH,
        })
    }
}

/// The chains whose events wait for their places.
pub(super) async fn waiting_chains(db: &impl ConnectionTrait) -> Result<Vec<Chain>, DbErr> {
    let owners: Vec<Option<Uuid>> = unscoped::rows::<event::Entity>()
        .select_only()
        .column(event::Column::OrganizationId)
        .distinct()
        .filter(event::Column::Position.is_null())
        .into_tuple()
        .all(db)
        .await?;
    Ok(owners.into_iter().map(Chain::of).collect())
}

/// Of events whose places were all given under the lock of the chain, so that it stays the last.
async fn last_place(txn: &Transaction, chain: Chain) -> Result<i64, DbErr> {
    let last: Option<Option<i64>> = unscoped::rows::<event::Entity>()
        .select_only()
        .expr(event::Column::Position.max())
        .filter(of(chain))
        .into_tuple()
        .one(txn)
        .await?;
    Ok(Ord::max(last.flatten().unwrap_or_default(), 0))
}

/// For readers, who ask how far the feed of their organization goes; one that is gone has no feed.
async fn note_end(txn: &Transaction, chain: Chain, last: i64) -> Result<(), DbErr> {
    let its_organization = Query::select()
        .column(organization::Column::Id)
        .expr(Expr::val(last))
        .from(organization::Entity)
        .and_where(organization::Column::Id.eq(chain.id()))
        .to_owned();
    let mut feed = Query::insert();
    feed.into_table(feed::Entity)
        .columns([feed::Column::OrganizationId, feed::Column::LastPosition])
        .on_conflict(
            OnConflict::column(feed::Column::OrganizationId)
                .update_column(feed::Column::LastPosition)
                .to_owned(),
        );
    let feed = feed
        .select_from(its_organization)
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    txn.execute(feed).await?;
    Ok(())
}

/// Private ones are nowhere in the feed: their numbers are below zero, lest gaps tell how much is written
/// that nobody else may see.
fn numbering(chain: Chain, before: i64, link: Option<i64>) -> UpdateStatement {
    let own = |column| Expr::col((event::Entity, column));
    let nowhere = Expr::val(-1_i64).sub(own(event::Column::Sequence));
    let next = Expr::val(before).add(Expr::col(("placed", "nth")));
    let position = Expr::case(own(event::Column::PrivateTo).is_null(), next).finally(nowhere);
    let in_order = WindowStatement::new()
        .order_by(event::Column::Sequence, Order::Asc)
        .to_owned();
    let is_shown = Expr::case(Expr::col(event::Column::PrivateTo).is_null(), 1).finally(0);
    let placed = Query::select()
        .expr_as(Expr::col(event::Column::Sequence), "number")
        .expr_window_as(Func::sum(is_shown), in_order, "nth")
        .from_subquery(waiting(chain, BATCH), "waiting")
        .to_owned();
    Query::update()
        .table(event::Entity)
        .value(event::Column::Position, position)
        .value(event::Column::Link, link)
        .from(TableRef::SubQuery(placed.into(), "placed".into()))
        .and_where(Expr::col((event::Entity, event::Column::Sequence)).equals(("placed", "number")))
        .returning(Query::returning().columns(event::Column::iter()))
        .to_owned()
}

/// The numbers of those without a place.
fn waiting(chain: Chain, at_most: u64) -> SelectStatement {
    Query::select()
        .columns([event::Column::Sequence, event::Column::PrivateTo])
        .from(event::Entity)
        .cond_where(of(chain))
        .and_where(event::Column::Position.is_null())
        .order_by(event::Column::Sequence, Order::Asc)
        .limit(at_most)
        .to_owned()
}

fn of(chain: Chain) -> Condition {
    let owner = event::Column::OrganizationId;
    Condition::all().add(match chain.organization_id() {
        Some(id) => owner.eq(id),
        None => owner.is_null(),
    })
}
