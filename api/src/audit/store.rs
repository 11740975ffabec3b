//! Which changes of a booklet a caller reaches.

use chrono::{DateTime, Utc};
use entity::event::{self, Column};
use entity::note;
use entity::values::Visibility;
use sea_orm::sea_query::{Condition, Query};
use sea_orm::{ColumnTrait, QueryFilter, Select};
use uuid::Uuid;

use crate::kit::{BookletPage, Ctx, Listed, Sorts};

impl BookletPage for event::Entity {
    /// What happened to a private note is for its author's eyes, even what happened while it was
    /// shared.
    fn narrow(ctx: &Ctx) -> Condition {
        let anothers = Query::select()
            .column(note::Column::Id)
            .from(note::Entity)
            .and_where(note::Column::Visibility.eq(Visibility::Private))
            .and_where(note::Column::AuthorId.ne(ctx.actor.id))
            .to_owned();
        let mine_or_everybodys = Condition::any()
            .add(Column::PrivateTo.is_null())
            .add(Column::PrivateTo.eq(ctx.actor.id));
        Condition::all()
            .add(mine_or_everybodys)
            .add(Column::ResourceId.not_in_subquery(anothers))
    }
}

impl Listed for event::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[("sequence", Column::Sequence)];

    fn changed_since(instant: DateTime<Utc>) -> Condition {
        Condition::all().add(Column::At.gte(instant))
    }
}

pub(super) fn list(ctx: &Ctx, booklet_id: Uuid) -> Select<event::Entity> {
    ctx.select::<event::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
}
