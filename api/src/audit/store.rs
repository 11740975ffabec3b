//! Which changes of a booklet a caller reaches.

use entity::event::{self, Column};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, Select};
use uuid::Uuid;

use crate::kit::{BookletPage, Ctx};

impl BookletPage for event::Entity {
    /// What happened to a private note is for its author's eyes.
    fn narrow(ctx: &Ctx) -> Condition {
        Condition::any()
            .add(Column::PrivateTo.is_null())
            .add(Column::PrivateTo.eq(ctx.actor.id))
    }
}

pub(super) fn list(ctx: &Ctx, booklet_id: Uuid) -> Select<event::Entity> {
    ctx.select::<event::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
}
