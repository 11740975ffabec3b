//! §10 and §11: follow-ups, and the notes that are shared.

use entity::values::Visibility;
use entity::{follow_up, note};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::Condition;

use crate::outside::exports::dataset::Exported;

impl Exported for follow_up::Entity {
    const NAME: &'static str = "follow_ups";
    const ABOUT: &'static str = "A contact between two appointments (§10).";
    const SCHEMA: Option<&'static str> = Some("FollowUp");
    const CHANGED: Option<Self::Column> = Some(follow_up::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use follow_up::Column::*;
        &[
            Id,
            BookletId,
            ContactedOn,
            ContactMode,
            Direction,
            Comment,
            DurationMinutes,
            AuthorId,
            Version,
            CreatedAt,
            UpdatedAt,
        ]
    };
}

impl Exported for note::Entity {
    const NAME: &'static str = "notes";
    const ABOUT: &'static str = "A shared note (§11). Private ones exist for their author alone.";
    const SCHEMA: Option<&'static str> = Some("Note");
    const CHANGED: Option<Self::Column> = Some(note::Column::UpdatedAt);
    const COLUMNS: &'static [Self::Column] = {
        use note::Column::*;
        &[
            Id, BookletId, AuthorId, Body, Visibility, Pinned, Version, CreatedAt, UpdatedAt,
        ]
    };

    /// Not even those of whoever asks: the file is not theirs alone.
    fn leaving() -> Condition {
        Condition::all().add(note::Column::Visibility.eq(Visibility::Shared))
    }
}
