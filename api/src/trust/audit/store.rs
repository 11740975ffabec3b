//! Which changes of a booklet a caller reaches.

use chrono::{DateTime, Utc};
use entity::event::{self, Column};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, Select};
use uuid::Uuid;

use crate::booklet::notes::store::for_these_eyes;
use crate::kit::{BookletPage, Ctx, Listed, Sorts};

impl BookletPage for event::Entity {
    fn narrow(ctx: &Ctx) -> Condition {
        for_these_eyes::<Self>(ctx)
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
