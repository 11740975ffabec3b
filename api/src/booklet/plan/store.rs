//! The plan of a booklet.

use entity::plan;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use crate::kit::{BookletPage, Code, Ctx, Problem, Result};

impl BookletPage for plan::Entity {}

/// The plan of a booklet within reach.
pub(crate) async fn of_booklet(ctx: &Ctx, booklet_id: Uuid) -> Result<plan::Model> {
    ctx.select::<plan::Entity>()
        .filter(plan::Column::BookletId.eq(booklet_id))
        .one(ctx.state.db.reader())
        .await?
        .ok_or(Problem::new(Code::NotFound))
}
