//! Which steps a caller reaches, their places, and the appointments that name them.

use entity::{appointment, plan_step};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, Select, Set};
use uuid::Uuid;

use crate::kit::positions::Placed;
use crate::kit::{BookletPage, Ctx, Event, Result, Tx};

impl BookletPage for plan_step::Entity {}

impl Placed for plan_step::Model {
    fn position(&self) -> i32 {
        self.position
    }

    fn at(position: i32) -> plan_step::ActiveModel {
        plan_step::ActiveModel {
            position: Set(position),
            ..Default::default()
        }
    }
}

/// The steps of a plan, in order.
pub(crate) fn list(ctx: &Ctx, booklet_id: Uuid) -> Select<plan_step::Entity> {
    ctx.select::<plan_step::Entity>()
        .filter(plan_step::Column::BookletId.eq(booklet_id))
        .order_by_asc(plan_step::Column::Position)
}

/// How many steps a plan has.
pub(crate) async fn how_many(ctx: &Ctx, booklet_id: Uuid) -> Result<usize> {
    let steps = ctx
        .select::<plan_step::Entity>()
        .filter(plan_step::Column::BookletId.eq(booklet_id));
    let steps = steps.count(ctx.state.db.reader()).await?;
    Ok(usize::try_from(steps).unwrap_or(usize::MAX))
}

/// Appointments no longer name a step that goes.
pub(super) async fn leave_appointments(tx: &mut Tx, step: &plan_step::Model) -> Result<()> {
    let naming = tx
        .all_of::<appointment::Entity>()
        .filter(appointment::Column::BookletId.eq(step.booklet_id))
        .filter(appointment::Column::PlanStepId.eq(step.id))
        .all(tx.db())
        .await?;
    for row in naming {
        let change = appointment::ActiveModel {
            plan_step_id: Set(None),
            ..Default::default()
        };
        let row = tx.update(&row, change).await?;
        tx.record(Event::updated(&row, vec!["plan_step_id".to_owned()]));
    }
    Ok(())
}
