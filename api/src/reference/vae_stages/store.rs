//! The stages in their order, and the progress that every booklet has on each.

use entity::row::{NewRow, Owner};
use entity::stage_progress::{self, Column as ProgressColumn};
use entity::vae_stage::{self, Column, Entity, Model};
use entity::values::StageState;
use entity::{booklet, plan_step, plan_template};
use sea_orm::sea_query::{Condition, LockType};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select, Set,
};
use uuid::Uuid;

use super::rules;
use crate::kit::{Code, Ctx, Event, Problem, Result, Scoped, Tx, new_id};

/// How many rows one statement writes.
const CHUNK: usize = 500;

impl Scoped for Entity {
    /// Everybody reads the reference; the table of rights says who writes it.
    fn scope(_ctx: &Ctx) -> Condition {
        Condition::all()
    }
}

pub(super) fn in_order(ctx: &Ctx) -> Select<Entity> {
    ctx.select::<Entity>()
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id)
}

/// All stages in their order, held: until the end of the transaction nobody else changes them or
/// adds to them. Who only reads them shares the lock with others who do.
pub(crate) async fn held(tx: &Tx, lock: LockType) -> Result<Vec<Model>> {
    in_order(tx).lock(lock).all(tx.db()).await?;
    // Read again: while this one waited, a stage may have been added.
    Ok(in_order(tx).all(tx.db()).await?)
}

/// All stages in their order, as they are now.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn present(ctx: &Ctx) -> Result<Vec<Model>> {
    Ok(in_order(ctx).all(ctx.state.db.reader()).await?)
}

/// The same, to change them.
pub(super) async fn locked(tx: &Tx) -> Result<Vec<Model>> {
    held(tx, LockType::NoKeyUpdate).await
}

/// The stage of this code among them.
///
/// # Errors
/// 404 when there is none.
pub(super) fn find(stages: &[Model], code: &str) -> Result<Model> {
    stages
        .iter()
        .find(|stage| stage.code == code)
        .cloned()
        .ok_or(Problem::new(Code::NotFound))
}

/// Puts a stage at its position; the others make room.
pub(super) async fn place(
    tx: &mut Tx,
    stages: Vec<Model>,
    stage: Uuid,
    position: i32,
) -> Result<()> {
    let ids = stages.iter().map(|other| other.id).collect();
    let order = rules::moved_to(ids, stage, position)?;
    for other in stages.iter().filter(|other| other.id != stage) {
        let place = order.iter().position(|id| *id == other.id);
        let place = place.and_then(|place| i32::try_from(place + 1).ok());
        if let Some(place) = place.filter(|place| *place != other.position) {
            renumber(tx, other, place).await?;
        }
    }
    Ok(())
}

/// Closes the gap that a deleted stage leaves.
pub(super) async fn close_ranks(tx: &mut Tx, stages: &[Model], gone: &Model) -> Result<()> {
    for other in stages.iter().filter(|other| other.position > gone.position) {
        renumber(tx, other, other.position - 1).await?;
    }
    Ok(())
}

async fn renumber(tx: &mut Tx, stage: &Model, position: i32) -> Result<()> {
    let change = vae_stage::ActiveModel {
        position: Set(position),
        ..Default::default()
    };
    let stage = tx.update(stage, change).await?;
    tx.record(Event::updated(&stage, vec!["position".to_owned()]));
    Ok(())
}

/// A new stage is not started in any booklet, of any organization.
pub(super) async fn start_everywhere(tx: &Tx, stage: &Model) -> Result<()> {
    let booklets: Vec<(Uuid, Uuid)> = tx
        .all_of::<booklet::Entity>()
        .select_only()
        .columns([booklet::Column::Id, booklet::Column::OrganizationId])
        .into_tuple()
        .all(tx.db())
        .await?;
    for chunk in booklets.chunks(CHUNK) {
        let rows = chunk.iter().map(|(booklet_id, organization_id)| {
            let owner = Owner {
                organization_id: Some(*organization_id),
                booklet_id: Some(*booklet_id),
                ..Owner::default()
            };
            let mut row = not_started(stage.code.clone());
            row.stamp(new_id(), owner, tx.now);
            row
        });
        stage_progress::Entity::insert_many(rows)
            .exec_without_returning(tx.db())
            .await?;
    }
    Ok(())
}

/// A stage that nobody has begun.
pub(crate) fn not_started(code: String) -> stage_progress::ActiveModel {
    stage_progress::ActiveModel {
        code: Set(code),
        state: Set(StageState::NotStarted),
        started_on: Set(None),
        completed_on: Set(None),
        comment: Set(None),
        ..Default::default()
    }
}

/// Takes a stage out of the booklets, where nothing was said about it yet.
///
/// # Errors
/// 409 when a booklet has come on it, or a plan or a template names it.
pub(super) async fn withdraw_everywhere(tx: &Tx, stage: &Model) -> Result<()> {
    stage_progress::Entity::delete_many()
        .filter(ProgressColumn::Code.eq(&stage.code))
        .filter(ProgressColumn::State.eq(StageState::NotStarted))
        .filter(ProgressColumn::StartedOn.is_null())
        .filter(ProgressColumn::CompletedOn.is_null())
        .filter(ProgressColumn::Comment.is_null())
        .exec(tx.db())
        .await?;
    let moved = tx
        .all_of::<stage_progress::Entity>()
        .filter(ProgressColumn::Code.eq(&stage.code))
        .count(tx.db())
        .await?;
    let steps = tx
        .all_of::<plan_step::Entity>()
        .filter(plan_step::Column::VaeStage.eq(&stage.code))
        .count(tx.db())
        .await?;
    let templates = tx.all_of::<plan_template::Entity>().all(tx.db()).await?;
    let mut planned = templates.iter().flat_map(|template| &template.rows.0);
    if moved + steps > 0 || planned.any(|row| row.vae_stage.as_ref() == Some(&stage.code)) {
        return Err(Problem::new(Code::InUse));
    }
    Ok(())
}
