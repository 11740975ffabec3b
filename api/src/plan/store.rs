//! The plan of a booklet, and what a change of its steps does to it.

use entity::plan;
use sea_orm::{ColumnTrait, QueryFilter};
use uuid::Uuid;

use super::rules::{self, StepChange};
use crate::kit::{BookletPage, Code, Ctx, Event, Problem, Result, Tx};

impl BookletPage for plan::Entity {}

/// The plan of a booklet within reach.
pub(crate) async fn of_booklet(ctx: &Ctx, booklet_id: Uuid) -> Result<plan::Model> {
    ctx.select::<plan::Entity>()
        .filter(plan::Column::BookletId.eq(booklet_id))
        .one(ctx.state.db.reader())
        .await?
        .ok_or(Problem::new(Code::NotFound))
}

/// The plan of a booklet that the transaction has locked.
pub(crate) async fn of_locked(tx: &Tx, booklet_id: Uuid) -> Result<plan::Model> {
    tx.all_of::<plan::Entity>()
        .filter(plan::Column::BookletId.eq(booklet_id))
        .one(tx.db())
        .await?
        .ok_or(Problem::new(Code::NotFound))
}

/// Raises the plan's version with every change of a step; an edit makes it a draft again.
pub(crate) async fn step_changed(
    tx: &mut Tx,
    plan: &plan::Model,
    change: StepChange,
) -> Result<plan::Model> {
    let undone = rules::back_to_draft(plan).filter(|_| change == StepChange::Edit);
    let Some((draft, names)) = undone else {
        return tx.touch(plan).await;
    };
    let plan = tx.update(plan, draft).await?;
    tx.record(Event::updated(&plan, names));
    Ok(plan)
}
