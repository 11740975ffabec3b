//! Who may know of a note, and until when it may be written.

use entity::values::Visibility;
use entity::{booklet, note};
use uuid::Uuid;

use crate::kit::{Code, Problem, Result};

/// The only person who may learn that this note was written, when it is private.
pub(super) fn private_to(note: &note::Model) -> Option<Uuid> {
    (note.visibility == Visibility::Private).then_some(note.author_id)
}

/// A note outlives the work on its booklet: its author may write it until the booklet is archived.
pub(super) fn writable(booklet: &booklet::Model) -> Result<()> {
    if booklet.archived_at.is_some() {
        return Err(Problem::new(Code::BookletClosed));
    }
    Ok(())
}
