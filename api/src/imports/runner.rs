//! Works on imports in the background, in turns: a part of a check, or an application. Several instances may do it
//! at once: an import is taken by one, which has it to itself as long as it goes on.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::import::{self, Column};
use entity::values::{ImportResource, ImportState};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set,
};
use uuid::Uuid;

use super::target::Target;
use super::{apply, author, check, erase};
use crate::database::Transaction;
use crate::kit::settle::keep_alone;
use crate::kit::{Code, Ctx, Event, Result, new_id, verb};
use crate::state::State;
use crate::{booklets, candidates, useful_addresses};

/// For how long an import is its taker's, from the last page that it noted; after it broke off as often as
/// that, several times as long, so that a slow database is waited for. Another one that takes it
/// meanwhile does harm to nobody: each page, and the whole, is written by who still holds the lease.
const LEASE: TimeDelta = TimeDelta::seconds(15);
/// How often it is looked for work while there is none.
const PAUSE: Duration = Duration::from_secs(1);
/// How often an import may break off at one place before it is given up.
const ATTEMPTS: i32 = 10;

/// That an import is one's own for a while.
pub(super) struct Lease {
    import_id: Uuid,
    id: Uuid,
}

impl Lease {
    /// Until when, from now.
    pub(super) fn until(&self, state: &State) -> DateTime<Utc> {
        state.clock.now() + LEASE
    }
}

/// Works on what there is until the service stops.
pub(crate) async fn run(state: Arc<State>) {
    while state.ready.load(Ordering::Relaxed) {
        match run_due(&state).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(problem) => tracing::warn!(%problem, "an import is continued another time"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Checks and applies what waits for it, one turn after the other. How many there were.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn run_due(state: &Arc<State>) -> Result<usize> {
    let mut turns = 0;
    while let Some((lease, import)) = take(state).await? {
        work(state, &lease, &import).await?;
        turns += 1;
    }
    Ok(turns)
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
#[expect(clippy::disallowed_methods, reason = "nobody asks")]
fn due(now: DateTime<Utc>) -> Select<import::Entity> {
    let theirs = |column: Column| Expr::col(("theirs", column));
    let last = Query::select()
        .expr(theirs(Column::Turn).max())
        .from_as(import::Entity, "theirs")
        .and_where(theirs(Column::OrganizationId).equals((import::Entity, Column::OrganizationId)))
        .to_owned();
    import::Entity::find()
        .filter(waiting(now))
        .order_by_asc(Expr::SubQuery(None, Box::new(last.into())))
        .order_by_asc(Column::Id)
}

/// Numbers turns: a clock could go back. Two at once may be given the same, which only makes them equal.
#[expect(clippy::disallowed_methods, reason = "nobody asks")]
async fn next_turn(txn: &Transaction) -> Result<i64> {
    let last = import::Entity::find()
        .select_only()
        .column_as(Column::Turn.max(), "turn")
        .into_tuple::<Option<i64>>()
        .one(txn)
        .await?;
    Ok(last.flatten().unwrap_or_default() + 1)
}

async fn take(state: &State) -> Result<Option<(Lease, import::Model)>> {
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
#[expect(clippy::disallowed_methods, reason = "nobody asks")]
pub(super) async fn hold(
    txn: &Transaction,
    lease: &Lease,
    state: ImportState,
) -> Result<Option<import::Model>> {
    Ok(import::Entity::find_by_id(lease.import_id)
        .filter(Column::LeaseId.eq(lease.id))
        .filter(Column::State.eq(state))
        .lock(LockType::NoKeyUpdate)
        .one(txn)
        .await?)
}

async fn work(state: &Arc<State>, lease: &Lease, import: &import::Model) -> Result<()> {
    let ctx = match author::call(state, import).await {
        Ok(ctx) => ctx,
        Err(problem) if problem.code() == Code::Forbidden => {
            return fail(state, lease, import, Code::Forbidden).await;
        }
        Err(problem) => return Err(problem),
    };
    if import.attempts > ATTEMPTS {
        return fail(state, lease, import, Code::InternalError).await;
    }
    let worked = match import.resource {
        ImportResource::Candidates => step::<candidates::Rows>(&ctx, lease, import).await,
        ImportResource::Booklets => step::<booklets::Rows>(&ctx, lease, import).await,
        ImportResource::UsefulAddresses => {
            step::<useful_addresses::Rows>(&ctx, lease, import).await
        }
    };
    match worked {
        // Somebody took a name or a person at the same moment: looked at again, it shows.
        Err(problem) if problem.code() == Code::Conflict && import.attempts < ATTEMPTS => {
            release(state, lease).await
        }
        Err(problem) => Err(problem),
        Ok(()) => {
            let (import_id, kind) = (import.id, import.resource);
            tracing::info!(%import_id, %kind, state = %import.state, "an import went on");
            end_turn(state, lease).await
        }
    }
}

async fn step<T: Target>(ctx: &Ctx, lease: &Lease, import: &import::Model) -> Result<()> {
    match import.state {
        ImportState::Applying => apply::apply::<T>(ctx, lease).await,
        _ => check::check::<T>(ctx, lease, import).await,
    }
}

/// Lets others, or oneself, take it at once.
async fn release(state: &State, lease: &Lease) -> Result<()> {
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

/// Nothing was changed, and nothing will be.
async fn fail(state: &Arc<State>, lease: &Lease, import: &import::Model, why: Code) -> Result<()> {
    let ctx = author::without_rights(state, import);
    let tx = ctx.begin().await?;
    let Some(import) = hold(tx.db(), lease, import.state).await? else {
        return Ok(());
    };
    let failed = import::ActiveModel {
        state: Set(ImportState::Failed),
        reason: Set(Some(why.to_string())),
        rows_created: Set(0),
        rows_updated: Set(0),
        rows_unchanged: Set(0),
        lease_id: Set(None),
        lease_until: Set(None),
        finished_at: Set(Some(state.clock.now())),
        ..Default::default()
    };
    let import = tx.update(&import, failed).await?;
    let ctx = tx.commit(Event::new(&import, verb::Failed)).await?;
    keep_alone(&ctx).await?;
    tracing::warn!(import_id = %import.id, reason = %why, "an import failed");
    erase::rows_of(state, import.id).await
}

/// The rows of an import that is over go at once; one that is not goes on in another turn.
#[expect(clippy::disallowed_methods, reason = "nobody asks")]
async fn end_turn(state: &State, lease: &Lease) -> Result<()> {
    let import = import::Entity::find_by_id(lease.import_id)
        .one(state.db.reader())
        .await?;
    let is_over = import.is_none_or(|import| import.finished_at.is_some());
    match is_over {
        true => erase::rows_of(state, lease.import_id).await,
        false => release(state, lease).await,
    }
}
