//! The life of a booklet: open → active ⇄ suspended → closed; any → withdrawn; and back by
//! reopening, or to the archive.

use chrono::NaiveDate;
use entity::booklet;
use entity::values::BookletState;

use crate::kit::write::acts::day_of_act;
use crate::kit::write::tx::{transition, writable};
use crate::kit::{FaultCode, Problem, Result};

/// The state that counts: a booklet whose contract has run out is open again, even before the
/// daily job says so.
pub(crate) fn effective_state(booklet: &booklet::Model, today: NaiveDate) -> BookletState {
    match booklet.state {
        BookletState::Active if !is_in_force(booklet, today) => BookletState::Open,
        state => state,
    }
}

fn is_in_force(booklet: &booklet::Model, today: NaiveDate) -> bool {
    booklet
        .in_force_until
        .is_some_and(|last_day| last_day >= today)
}

/// A booklet with a contract in force is active, one without is open.
pub(crate) fn working_state(booklet: &booklet::Model, today: NaiveDate) -> BookletState {
    if is_in_force(booklet, today) {
        BookletState::Active
    } else {
        BookletState::Open
    }
}

/// A booklet should not close before it opens.
pub(crate) fn closes_after_opening(opened_on: NaiveDate, target: Option<NaiveDate>) -> Result<()> {
    if target.is_some_and(|target| target < opened_on) {
        Err(Problem::fault("/target_closing_on", FaultCode::DatesOrder))
    } else {
        Ok(())
    }
}

/// Only a booklet at work can be suspended.
pub(super) fn may_suspend(booklet: &booklet::Model) -> Result<()> {
    writable(booklet)?;
    transition(booklet.state != BookletState::Suspended)
}

/// Only a suspended booklet can be resumed.
pub(super) fn may_resume(booklet: &booklet::Model) -> Result<()> {
    writable(booklet)?;
    transition(booklet.state == BookletState::Suspended)
}

/// What is not yet closed or withdrawn can be.
pub(super) fn may_close(booklet: &booklet::Model) -> Result<()> {
    writable(booklet)
}

/// A booklet was opened before it was closed or withdrawn.
pub(super) fn closed_on(
    booklet: &booklet::Model,
    given: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate> {
    day_of_act("closed_on", given, Some(booklet.opened_on), today)
}

/// What was closed or withdrawn can be reopened, from the archive too.
pub(super) fn may_reopen(booklet: &booklet::Model) -> Result<()> {
    transition(is_over(booklet))
}

/// What was closed or withdrawn can be archived, once.
pub(super) fn may_archive(booklet: &booklet::Model) -> Result<()> {
    transition(is_over(booklet) && booklet.archived_at.is_none())
}

fn is_over(booklet: &booklet::Model) -> bool {
    matches!(
        booklet.state,
        BookletState::Closed | BookletState::Withdrawn
    )
}
