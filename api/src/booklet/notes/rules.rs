//! Who may know of a note.

use entity::note;
use entity::values::Visibility;
use uuid::Uuid;

/// The only person who may learn that this note was written, when it is private.
pub(super) fn private_to(note: &note::Model) -> Option<Uuid> {
    (note.visibility == Visibility::Private).then_some(note.author_id)
}
