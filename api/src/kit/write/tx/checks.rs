//! What a write asks of the rows that it has looked up.

use entity::booklet;
use entity::values::BookletState;

use crate::kit::{Code, Fault, Problem, Result};

/// Whether a booklet's pages may be written.
///
/// # Errors
/// 409 when it is closed, withdrawn or archived.
pub fn writable(booklet: &booklet::Model) -> Result<()> {
    let closed = matches!(
        booklet.state,
        BookletState::Closed | BookletState::Withdrawn
    );
    if closed || booklet.archived_at.is_some() {
        return Err(Problem::new(Code::BookletClosed));
    }
    Ok(())
}

/// Whether an object goes on from the state that it is in.
///
/// # Errors
/// 409 when it does not.
pub(crate) fn transition(is_possible: bool) -> Result<()> {
    if is_possible {
        Ok(())
    } else {
        Err(Problem::new(Code::InvalidTransition))
    }
}

/// One 422 out of checks that each may find a fault.
///
/// # Errors
/// 422 with all the faults.
pub fn no_fault(faults: impl IntoIterator<Item = Option<Fault>>) -> Result<()> {
    let faults: Vec<Fault> = faults.into_iter().flatten().collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Problem::invalid(faults))
    }
}
