//! When an import can be made, applied or cancelled.

use std::num::NonZeroU32;

use chrono::{DateTime, Utc};
use entity::import;
use entity::values::{ImportMode, ImportResource, ImportState};
use sea_orm::Set;

use crate::foundation::config::Config;
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

/// The most rows of one file, where nothing else is set.
const MOST_ROWS: u32 = 200_000;
/// The same on SQLite: whoever writes waits while they are put in their places, a second or two.
const MOST_ROWS_ON_SQLITE: u32 = 20_000;
/// How many people are put in their places while one booklet is, with all that comes with it.
const OF_A_BOOKLET: u32 = 10;

/// How many rows of this kind a file may have.
pub(super) fn most_rows(config: &Config, resource: ImportResource) -> i32 {
    let set = config.import_rows.map(NonZeroU32::get);
    let most = match (config.is_sqlite(), resource) {
        (false, _) => set.unwrap_or(MOST_ROWS),
        (true, ImportResource::Booklets) => set.unwrap_or(MOST_ROWS_ON_SQLITE) / OF_A_BOOKLET,
        (true, _) => set.unwrap_or(MOST_ROWS_ON_SQLITE),
    };
    i32::try_from(most.max(1)).unwrap_or(i32::MAX)
}

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
