//! When an import can be made, applied or cancelled.

use chrono::{DateTime, Utc};
use entity::import;
use entity::values::{ImportMode, ImportState};
use sea_orm::Set;

use crate::kit::ctx::Actor;
use crate::kit::write::tx::transition;
use crate::kit::{Code, Problem, Result};

/// How many imports of an organization may be unfinished: each of them keeps a file's rows.
pub(super) const MOST_UNFINISHED: u64 = 20;
/// The states in which the rows of an import are kept.
pub(super) const UNFINISHED: [ImportState; 3] = [
    ImportState::Checking,
    ImportState::Ready,
    ImportState::Applying,
];

/// While there is room for one more.
pub(super) fn may_come(unfinished: u64) -> Result<()> {
    if unfinished < MOST_UNFINISHED {
        Ok(())
    } else {
        Err(Problem::new(Code::TooManyImports))
    }
}

/// Once its rows are checked, and before they are applied.
pub(super) fn may_apply(import: &import::Model) -> Result<()> {
    transition(import.state == ImportState::Ready)
}

/// Until it is told to be applied.
pub(super) fn may_cancel(import: &import::Model) -> Result<()> {
    transition(matches!(
        import.state,
        ImportState::Checking | ImportState::Ready
    ))
}

/// All or nothing is nothing, with a single fault.
pub(super) fn is_held_up(import: &import::Model, mode: ImportMode) -> bool {
    mode == ImportMode::AllOrNothing && import.rows_faulty > 0
}

/// Told to be applied by somebody, who is its author from now on.
pub(super) fn applying(actor: &Actor, mode: ImportMode) -> import::ActiveModel {
    import::ActiveModel {
        state: Set(ImportState::Applying),
        mode: Set(Some(mode)),
        author_id: Set(actor.id),
        author_role: Set(actor.role),
        attempts: Set(0),
        ..Default::default()
    }
}

/// Over, without effect.
pub(super) fn cancelled(now: DateTime<Utc>) -> import::ActiveModel {
    import::ActiveModel {
        state: Set(ImportState::Cancelled),
        rows_created: Set(0),
        rows_updated: Set(0),
        rows_unchanged: Set(0),
        lease_id: Set(None),
        lease_until: Set(None),
        finished_at: Set(Some(now)),
        ..Default::default()
    }
}
