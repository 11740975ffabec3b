//! Works on imports in the background, in turns: a part of a check, or an application. Several instances may do it
//! at once: each works on what it has taken.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use entity::import;
use entity::values::{ImportResource, ImportState};
use sea_orm::Set;

use super::lease::{Lease, acquire, hold, release};
use super::target::Target;
use super::targets::{Booklets, Candidates, UsefulAddresses};
use super::{apply, author, check, erase};
use crate::foundation::state::State;
use crate::foundation::unscoped;
use crate::kit::request::settle::keep_alone;
use crate::kit::rest::Rest;
use crate::kit::{Code, Ctx, Event, Result, verb};

/// How often it is looked for work while this process writes something;
const PAUSE: Duration = Duration::from_secs(1);
/// and while it does not, for what another instance had begun.
const SELDOM: Duration = Duration::from_secs(10);
/// How often an import may break off at one place before it is given up.
const ATTEMPTS: i32 = 10;

/// Works on what there is until the service stops.
pub(crate) async fn run(state: Arc<State>) {
    while state.ready.load(Ordering::Relaxed) {
        let rest = Rest::before_a_look(&state);
        match run_due(&state).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(problem) => tracing::warn!(%problem, "an import is continued another time"),
        }
        rest.until_due(&state, PAUSE, SELDOM).await;
    }
}

/// Checks and applies what waits for it, one turn after the other. How many there were.
///
/// # Errors
/// 503 when the database does not answer.
pub async fn run_due(state: &Arc<State>) -> Result<usize> {
    let mut turns = 0;
    while let Some((lease, import)) = acquire(state).await? {
        work(state, &lease, &import).await?;
        turns += 1;
    }
    Ok(turns)
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
        ImportResource::Candidates => step::<Candidates>(&ctx, lease, import).await,
        ImportResource::Booklets => step::<Booklets>(&ctx, lease, import).await,
        ImportResource::UsefulAddresses => step::<UsefulAddresses>(&ctx, lease, import).await,
    };
    match worked {
        // Somebody took a name or a person at the same moment: looked at again, it shows.
        Err(problem) if problem.code() == Code::Conflict && import.attempts < ATTEMPTS => {
            release(state, lease).await
        }
        Err(problem) if problem.code() == Code::QuotaReached => {
            fail(state, lease, import, Code::QuotaReached).await
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
        ImportState::Applying => apply::apply::<T>(ctx, lease, import).await,
        _ => check::check::<T>(ctx, lease, import).await,
    }
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
async fn end_turn(state: &State, lease: &Lease) -> Result<()> {
    let import = unscoped::row::<import::Entity>(lease.import_id)
        .one(state.db.reader())
        .await?;
    let is_over = import.is_none_or(|import| import.finished_at.is_some());
    match is_over {
        true => erase::rows_of(state, lease.import_id).await,
        false => release(state, lease).await,
    }
}
