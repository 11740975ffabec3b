//! Which objectives a caller reaches, the filters of their list, and their places in it.

use entity::objective;
use entity::values::{ObjectiveKind, Role};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QueryTrait, Select, Set};
use uuid::Uuid;

use super::dto::ObjectiveFilter;
use crate::kit::list::positions::Placed;
use crate::kit::{BookletPage, Ctx};

impl BookletPage for objective::Entity {
    /// Whoever accompanies changes working objectives alone.
    fn narrow(ctx: &Ctx) -> Condition {
        if ctx.actor.role != Role::Candidate && !ctx.permit.action.is_read() {
            Condition::all().add(objective::Column::Kind.eq(ObjectiveKind::Working))
        } else {
            Condition::all()
        }
    }
}

impl Placed for objective::Model {
    fn position(&self) -> i32 {
        self.position
    }

    fn at(position: i32) -> objective::ActiveModel {
        objective::ActiveModel {
            position: Set(position),
            ..Default::default()
        }
    }
}

pub(super) fn list(
    ctx: &Ctx,
    booklet_id: Uuid,
    filter: &ObjectiveFilter,
) -> Select<objective::Entity> {
    use objective::Column;
    ctx.select::<objective::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.kind, |query, kind| {
            query.filter(Column::Kind.eq(kind))
        })
        .apply_if(filter.state, |query, state| {
            query.filter(Column::State.eq(state))
        })
        .order_by_asc(Column::Position)
}
