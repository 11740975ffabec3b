//! Which completed actions a caller reaches, the filters of their list, and those that sheets give.

use entity::values::{CompletedSource, Role};
use entity::{action_sheet, booklet, completed_action, sheet_item};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, QueryFilter, QueryTrait, Select, Set};
use uuid::Uuid;

use super::dto::CompletedActionFilter;
use crate::kit::{BookletPage, Code, Ctx, Event, Listed, Problem, Result, Sorts, Tx};

impl BookletPage for completed_action::Entity {
    /// A candidate reads all of the booklet's, and changes those it wrote.
    fn narrow(ctx: &Ctx) -> Condition {
        let own = ctx.actor.role == Role::Candidate && !ctx.permit.action.is_read();
        Condition::all()
            .add_option(own.then(|| completed_action::Column::AuthorId.eq(ctx.actor.id)))
    }
}

impl Listed for completed_action::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", completed_action::Column::CreatedAt),
        ("updated_at", completed_action::Column::UpdatedAt),
        ("done_on", completed_action::Column::DoneOn),
    ];
}

pub(super) fn list(
    ctx: &Ctx,
    booklet_id: Uuid,
    filter: &CompletedActionFilter,
) -> Select<completed_action::Entity> {
    use completed_action::Column;
    ctx.select::<completed_action::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.source, |query, source| {
            query.filter(Column::Source.eq(source))
        })
        .apply_if(filter.done_from, |query, day| {
            query.filter(Column::DoneOn.gte(day))
        })
        .apply_if(filter.done_to, |query, day| {
            query.filter(Column::DoneOn.lte(day))
        })
}

/// Only what was written by hand may be changed or deleted.
pub(super) fn by_hand(row: &completed_action::Model) -> Result<()> {
    match row.source {
        CompletedSource::Manual => Ok(()),
        CompletedSource::Sheet => Err(Problem::new(Code::DerivedAction)),
    }
}

/// What an item done on a sheet becomes when that sheet locks.
pub(crate) async fn derive(
    tx: &mut Tx,
    booklet: &booklet::Model,
    sheet: &action_sheet::Model,
    item: &sheet_item::Model,
) -> Result<()> {
    let row = completed_action::ActiveModel {
        done_on: Set(sheet.appointment_on),
        description: Set(item.label.clone()),
        source: Set(CompletedSource::Sheet),
        sheet_item_id: Set(Some(item.id)),
        author_id: Set(tx.actor.id),
        ..Default::default()
    };
    let row = tx.insert(booklet, row).await?;
    tx.record(Event::created(&row));
    Ok(())
}
