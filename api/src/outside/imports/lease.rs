//! Leases: an import is worked on by one instance at a time, which has it to itself as long as it renews its lease.

use chrono::{DateTime, TimeDelta, Utc};
use entity::import::{self, Column};
use entity::values::ImportState;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, Set,
};
use uuid::Uuid;

use crate::foundation::database::Transaction;
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::{Result, new_id};

/// For how long an import is its taker's, from the last page that it noted; after it broke off as often as
/// that, several times as long, so that a slow database is waited for. Another one that takes it
/// meanwhile does harm to nobody: each page, and the whole, is written by who still holds the lease.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// A lease on an import: it is one's own for a while.
pub(super) struct Lease {
    pub(super) import_id: Uuid,
    id: Uuid,
}

impl Lease {
    /// Until when, from now.
    pub(super) fn until(&self, state: &State) -> DateTime<Utc> {
        state.clock.now() + LEASE
    }
}

/// What waits for somebody to go on with it.
fn waiting(now: DateTime<Utc>) -> Condition {
    let free = Condition::any()
        .add(Column::LeaseUntil.is_null())
        .add(Column::LeaseUntil.lt(now));
    Condition::all()
        .add(Column::State.is_in([ImportState::Checking, ImportState::Applying]))
        .add(free)
}

/// The same, first that of the organization whose last turn is longest ago, so that the files of one
/// delay those of another by one turn; within it the oldest.
fn due(now: DateTime<Utc>) -> Select<import::Entity> {
    let theirs = |column: Column| Expr::col(("theirs", column));
    let last = Query::select()
        .expr(theirs(Column::Turn).max())
        .from_as(import::Entity, "theirs")
        .and_where(theirs(Column::OrganizationId).equals((import::Entity, Column::OrganizationId)))
        .to_owned();
    unscoped::rows::<import::Entity>()
        .filter(waiting(now))
        .order_by_asc(Expr::SubQuery(None, Box::new(last.into())))
        .order_by_asc(Column::Id)
}

/// Numbers turns: a clock could go back. Two at once may be given the same, which only makes them equal.
async fn next_turn(txn: &Transaction) -> Result<i64> {
    let last = unscoped::rows::<import::Entity>()
        .select_only()
        .column_as(Column::Turn.max(), "turn")
        .into_tuple::<Option<i64>>()
        .one(txn)
        .await?;
    Ok(last.flatten().unwrap_or_default() + 1)
}

/// Acquires a lease on the next import that waits, if there is one.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn acquire(state: &State) -> Result<Option<(Lease, import::Model)>> {
    let now = state.clock.now();
    // Mostly there is nothing, and who only looks keeps no writer waiting.
    if due(now).one(state.db.reader()).await?.is_none() {
        return Ok(None);
    }
    let txn = state.db.begin().await?;
    let found = due(now)
        .lock_with_behavior(LockType::NoKeyUpdate, LockBehavior::SkipLocked)
        .one(&txn)
        .await?;
    let Some(import) = found else {
        return Ok(None);
    };
    let lease = Lease {
        import_id: import.id,
        id: new_id(),
    };
    let taken = import::ActiveModel {
        lease_id: Set(Some(lease.id)),
        lease_until: Set(Some(now + LEASE * (import.attempts + 1))),
        attempts: Set(import.attempts + 1),
        turn: Set(next_turn(&txn).await?),
        ..Default::default()
    };
    let taken = import::Entity::update_many()
        .set(taken)
        .filter(Column::Id.eq(import.id))
        .exec_with_returning(&txn)
        .await?;
    txn.commit().await?;
    Ok(taken.into_iter().next().map(|import| (lease, import)))
}

/// The import, locked, if it is in this state and still one's own.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn hold(
    txn: &Transaction,
    lease: &Lease,
    state: ImportState,
) -> Result<Option<import::Model>> {
    Ok(unscoped::row::<import::Entity>(lease.import_id)
        .filter(Column::LeaseId.eq(lease.id))
        .filter(Column::State.eq(state))
        .lock(LockType::NoKeyUpdate)
        .one(txn)
        .await?)
}

/// Has it for longer; whether it was still one's own, in this state.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn renew(
    db: &impl ConnectionTrait,
    lease: &Lease,
    state: ImportState,
    until: DateTime<Utc>,
) -> Result<bool> {
    let renewed = import::Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(Some(until)))
        .filter(Column::Id.eq(lease.import_id))
        .filter(Column::LeaseId.eq(lease.id))
        .filter(Column::State.eq(state))
        .exec(db)
        .await?;
    Ok(renewed.rows_affected == 1)
}

/// Lets others, or oneself, take it at once.
///
/// # Errors
/// 503 when the database does not answer.
pub(super) async fn release(state: &State, lease: &Lease) -> Result<()> {
    import::Entity::update_many()
        .set(import::ActiveModel {
            lease_until: Set(None),
            ..Default::default()
        })
        .filter(Column::Id.eq(lease.import_id))
        .filter(Column::LeaseId.eq(lease.id))
        .exec(state.db.writer())
        .await?;
    Ok(())
}
