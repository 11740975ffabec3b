//! Which steps a caller reaches, their places, the appointments that name them, and what a change of
//! them does to their plan.

use entity::values::PlanTemplateRow;
use entity::{appointment, booklet, plan, plan_step};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, Select, Set};
use uuid::Uuid;

use super::dto::PlanStepInput;
use super::rules::{self, StepChange};
use crate::kit::list::positions::Placed;
use crate::kit::{BookletPage, Code, Ctx, Event, Problem, Result, Tx};

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

/// Writes the rows of a template as the steps of an empty plan.
pub(super) async fn write_all(
    tx: &mut Tx,
    booklet: &booklet::Model,
    rows: Vec<PlanTemplateRow>,
) -> Result<Vec<plan_step::Model>> {
    let mut steps = Vec::with_capacity(rows.len());
    for (position, row) in (1..).zip(rows) {
        let row = plan_step::ActiveModel {
            position: Set(position),
            ..PlanStepInput::from(row).into()
        };
        let row = tx.insert(booklet, row).await?;
        tx.record(Event::created(&row));
        steps.push(row);
    }
    Ok(steps)
}

/// The plan of a booklet that the transaction has locked, as one made from this template.
pub(super) async fn made_from(tx: &Tx, booklet_id: Uuid, template: Uuid) -> Result<plan::Model> {
    let plan = of_locked(tx, booklet_id).await?;
    let source = plan::ActiveModel {
        source_template_id: Set(Some(template)),
        ..Default::default()
    };
    tx.update(&plan, source).await
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
