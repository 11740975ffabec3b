//! Applies a checked file in one transaction: nobody ever sees half of it, and a crash leaves nothing
//! behind. Every row is held against the database again, for it may have changed since the check.

use entity::values::{ImportMode, ImportState};
use entity::{import, import_fault};
use sea_orm::Set;

use super::check::{Tally, rows_after};
use super::compare::{Outcome, Purpose, compare};
use super::lease::{Lease, hold};
use super::row::Row;
use super::stage::{MOST_FAULTS, noted, write_faults};
use super::target::Target;
use crate::foundation::database::plan_by_values;
use crate::foundation::event_types::{Told, Verb};
use crate::kit::request::settle::keep_alone;
use crate::kit::{Code, Ctx, Event, Result, Tx, verb};

/// Applies it; or, when a row is at fault by now and all are wanted or none, notes why not.
///
/// # Errors
/// 503 when the database does not answer; 409 when others change the same things at this moment.
pub(super) async fn apply<T: Target>(ctx: &Ctx, lease: &Lease) -> Result<()> {
    let mut tx = ctx.clone().begin().await?;
    let Some(import) = hold(tx.db(), lease, ImportState::Applying).await? else {
        return Ok(());
    };
    plan_by_values(tx.db()).await?;
    let all_wanted = import.mode != Some(ImportMode::ValidRows);
    let mut tally = Tally {
        faulty: import.rows_faulty,
        faults: import.faults_total,
        ..Tally::default()
    };
    let mut faults = Vec::new();
    let mut place = 0;
    loop {
        let rows = rows_after(tx.db(), &import, place).await?;
        let Some(last) = rows.last() else { break };
        place = last.place;
        let rows = rows.into_iter().map(Row::from).collect();
        let mut page = Vec::new();
        for (_, line, outcome) in compare::<T>(&tx, tx.db(), Purpose::Write, rows).await? {
            match outcome {
                Outcome::Faulty(found) => {
                    tally.faulty += 1;
                    for fault in &found {
                        if tally.faults < MOST_FAULTS {
                            let of = (import.organization_id, import.id);
                            faults.push(noted(of, line, &import.columns.0, fault, &tx));
                        }
                        tally.faults += 1;
                    }
                }
                Outcome::Unchanged => tally.unchanged += 1,
                Outcome::Write(change) => {
                    match change.before {
                        Some(_) => tally.updated += 1,
                        None => tally.created += 1,
                    }
                    page.push(*change);
                }
            }
        }
        if all_wanted && !faults.is_empty() {
            drop(tx);
            return refuse(ctx, lease, tally, faults).await;
        }
        T::write(&mut tx, page).await?;
    }
    write_faults(tx.db(), faults).await?;
    let done = counted(tally, ImportState::Done, None, &tx);
    finish(tx, &import, done, verb::Applied).await
}

/// Nothing is written: what was found to be wrong is.
async fn refuse(
    ctx: &Ctx,
    lease: &Lease,
    tally: Tally,
    faults: Vec<import_fault::ActiveModel>,
) -> Result<()> {
    let tx = ctx.clone().begin().await?;
    let Some(import) = hold(tx.db(), lease, ImportState::Applying).await? else {
        return Ok(());
    };
    write_faults(tx.db(), faults).await?;
    let found = Tally {
        faulty: tally.faulty,
        faults: tally.faults,
        ..Tally::default()
    };
    let failed = counted(found, ImportState::Failed, Some(Code::ImportFaulty), &tx);
    finish(tx, &import, failed, verb::Failed).await
}

fn counted(
    tally: Tally,
    state: ImportState,
    reason: Option<Code>,
    ctx: &Ctx,
) -> import::ActiveModel {
    import::ActiveModel {
        state: Set(state),
        reason: Set(reason.map(|code| code.to_string())),
        rows_created: Set(tally.created),
        rows_updated: Set(tally.updated),
        rows_unchanged: Set(tally.unchanged),
        rows_faulty: Set(tally.faulty),
        faults_total: Set(tally.faults),
        lease_id: Set(None),
        lease_until: Set(None),
        finished_at: Set(Some(ctx.state.clock.now())),
        ..Default::default()
    }
}

async fn finish<V: Verb>(
    tx: Tx,
    import: &import::Model,
    change: import::ActiveModel,
    verb: V,
) -> Result<()>
where
    import::Model: Told<V>,
{
    let import = tx.update(import, change).await?;
    let ctx = tx.commit(Event::new(&import, verb)).await?;
    keep_alone(&ctx).await
}
