//! The progress of a booklet, together with the stages of the reference.

use entity::stage_progress::{Column, Entity, Model};
use entity::vae_stage;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    SelectTwo,
};
use uuid::Uuid;

use crate::foundation::unscoped::by_columns;
use crate::kit::{BookletPage, Code, Ctx, Problem, Result};

impl BookletPage for Entity {}

/// The stages of a booklet in their order, each with what the reference says of it.
pub(crate) fn in_order(ctx: &Ctx, booklet_id: Uuid) -> SelectTwo<Entity, vae_stage::Entity> {
    let reference = Entity::belongs_to(vae_stage::Entity)
        .from(Column::Code)
        .to(vae_stage::Column::Code);
    by_columns(ctx.select::<Entity>())
        .filter(Column::BookletId.eq(booklet_id))
        .join(JoinType::InnerJoin, reference.into())
        .select_also(vae_stage::Entity)
        .order_by_asc(vae_stage::Column::Position)
        .order_by_asc(vae_stage::Column::Id)
}

/// One of them.
///
/// # Errors
/// 404 when there is none within reach.
pub(super) async fn one(
    ctx: &Ctx,
    db: &impl ConnectionTrait,
    booklet_id: Uuid,
    code: &str,
) -> Result<(Model, vae_stage::Model)> {
    let stages = in_order(ctx, booklet_id).all(db).await?;
    stages
        .into_iter()
        .find_map(|(row, stage)| {
            stage
                .filter(|stage| stage.code == code)
                .map(|stage| (row, stage))
        })
        .ok_or(Problem::new(Code::NotFound))
}
