//! The plan of a booklet.

use entity::plan;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use crate::kit::{BookletPage, Ctx, Result};

impl BookletPage for plan::Entity {}

/// The plan of a booklet within reach.
pub(crate) async fn of_booklet(ctx: &Ctx, booklet_id: Uuid) -> Result<plan::Model> {
    let plans = ctx.select::<plan::Entity>();
    ctx.only(plans.filter(plan::Column::BookletId.eq(booklet_id)))
        .await
}
