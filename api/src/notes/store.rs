//! Which notes a caller reaches, and the filters of their list.

use entity::note::{self, Column};
use entity::values::Visibility;
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, QueryTrait, Select};
use uuid::Uuid;

use super::dto::NoteFilter;
use super::rules;
use crate::kit::{BookletPage, Ctx, Event, IfMatch, Listed, Result, Sorts, Tx};

impl BookletPage for note::Entity {
    /// One reads what is shared and what one wrote; one writes what one wrote.
    fn narrow(ctx: &Ctx) -> Condition {
        let mine = Condition::any().add(Column::AuthorId.eq(ctx.actor.id));
        if ctx.permit.action.is_read() {
            mine.add(Column::Visibility.eq(Visibility::Shared))
        } else {
            mine
        }
    }
}

impl Listed for note::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", Column::CreatedAt),
        ("updated_at", Column::UpdatedAt),
    ];
}

pub(super) fn list(ctx: &Ctx, booklet_id: Uuid, filter: &NoteFilter) -> Select<note::Entity> {
    ctx.select::<note::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.visibility, |query, visibility| {
            query.filter(Column::Visibility.eq(visibility))
        })
        .apply_if(filter.pinned, |query, pinned| {
            query.filter(Column::Pinned.eq(pinned))
        })
        .apply_if(filter.author_id, |query, author| {
            query.filter(Column::AuthorId.eq(author))
        })
}

/// One's own note, to change or delete, in a closed booklet too.
pub(super) async fn to_change(tx: &Tx, id: Uuid, if_match: &IfMatch) -> Result<note::Model> {
    let (_, row) = tx.page::<note::Entity>(id).await?;
    tx.traces.private_to(rules::private_to(&row));
    if_match.require(&row)?;
    Ok(row)
}

/// Deletes the private notes of an author who goes: nobody else could ever read them.
pub(crate) async fn forget_private(tx: &mut Tx, author_id: Uuid) -> Result<()> {
    let notes = tx
        .all_of::<note::Entity>()
        .filter(Column::AuthorId.eq(author_id))
        .filter(Column::Visibility.eq(Visibility::Private))
        .all(tx.db())
        .await?;
    for note in notes {
        tx.delete(&note).await?;
        tx.record(Event::deleted(&note).private_to(rules::private_to(&note)));
    }
    Ok(())
}
