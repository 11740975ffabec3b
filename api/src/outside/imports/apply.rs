//! Applies a checked file in one transaction: nobody ever sees half of it, and a crash leaves nothing
//! behind. Every row is held against the database again, for it may have changed since the check, and made
//! ready aside; what others change meanwhile shows when the rows are put in their places.

use entity::values::{ImportMode, ImportState};
use entity::{import, import_fault};
use sea_orm::Set;

use super::check::{Tally, rows_after};
use super::compare::{Outcome, Purpose, compare};
use super::desk::Desk;
use super::lease::{Lease, hold, renew};
use super::row::Row;
use super::stage::{MOST_FAULTS, fault_row, write_faults};
use super::target::Target;
use crate::foundation::database::plan_by_values;
use crate::foundation::event_types::{Told, Verb};
use crate::kit::request::settle::keep_alone;
use crate::kit::{Code, Ctx, Event, Result, Tx, verb};

/// How many pages are made ready until the lease is renewed.
const PAGES: usize = 20;

/// Applies it; or, when a row is at fault by now and all are wanted or none, notes why not.
///
/// # Errors
/// 503 when the database does not answer; 409 when others change the same things at this moment.
pub(super) async fn apply<T: Target>(
    ctx: &Ctx,
    lease: &Lease,
    import: &import::Model,
) -> Result<()> {
    let mut desk = Desk::<T>::empty(ctx).await?;
    let Some((tally, faults)) = make_ready(ctx, lease, import, &mut desk).await? else {
        return Ok(());
    };
    if import.mode != Some(ImportMode::ValidRows) && !faults.is_empty() {
        drop(desk);
        return refuse(ctx, lease, tally, faults).await;
    }
    // A statement that writes comes first: from then on nobody else does, on SQLite.
    let is_ours = async |tx: &Tx| {
        renew(
            tx.db(),
            lease,
            ImportState::Applying,
            lease.until(&tx.state),
        )
        .await
    };
    let Some(tx) = desk.put_in_place(is_ours).await? else {
        return Ok(());
    };
    let Some(import) = hold(tx.db(), lease, ImportState::Applying).await? else {
        return Ok(());
    };
    write_faults(tx.db(), faults).await?;
    let done = counted(tally, ImportState::Done, None, &tx);
    finish(tx, &import, done, verb::Applied).await
}

/// Holds each row against the database as it is now, and makes ready what is to be written. Nothing when
/// somebody else goes on in our place.
async fn make_ready<T: Target>(
    ctx: &Ctx,
    lease: &Lease,
    import: &import::Model,
    desk: &mut Desk<T>,
) -> Result<Option<(Tally, Vec<import_fault::ActiveModel>)>> {
    let of = (import.organization_id, import.id);
    let mut tally = Tally {
        faulty: import.rows_faulty,
        faults: import.faults_total,
        ..Tally::default()
    };
    let all_wanted = import.mode != Some(ImportMode::ValidRows);
    let mut faults = Vec::new();
    let mut place = 0;
    for page in 1.. {
        let txn = ctx.state.db.begin_to_read().await?;
        plan_by_values(&txn).await?;
        let rows = rows_after(&txn, import, place).await?;
        let Some(last) = rows.last() else { break };
        place = last.place;
        let rows = rows.into_iter().map(Row::from).collect();
        let compared = compare::<T>(ctx, &txn, Purpose::Write, &mut desk.claims, rows).await?;
        txn.commit().await?;
        let mut changes = Vec::new();
        for (_, line, outcome) in compared {
            match outcome {
                Outcome::Faulty(found) => {
                    tally.faulty += 1;
                    for fault in &found {
                        if tally.faults < MOST_FAULTS {
                            faults.push(fault_row(of, line, &import.columns.0, fault, ctx));
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
                    changes.push(*change);
                }
            }
        }
        if all_wanted && !faults.is_empty() {
            break;
        }
        T::write(desk, changes).await?;
        desk.add_events().await?;
        if page % PAGES == 0 {
            let (db, until) = (ctx.state.db.writer(), lease.until(&ctx.state));
            if !renew(db, lease, ImportState::Applying, until).await? {
                return Ok(None);
            }
        }
    }
    Ok(Some((tally, faults)))
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
