//! Which items a caller reaches, the filters of their list, and the answers that sheets give.

use chrono::NaiveDate;
use entity::values::{Answer, ItemState, Role, SheetState};
use entity::{action_sheet, sheet_answer, sheet_item};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryTrait, Select, Set};
use uuid::Uuid;

use super::dto::SheetItemFilter;
use crate::kit::{BookletPage, Ctx, Event, FaultCode, Listed, Problem, Result, Sorts, Tx, new_id};

impl BookletPage for sheet_item::Entity {
    /// A candidate reads all of the booklet's, and changes those it owns.
    fn narrow(ctx: &Ctx) -> Condition {
        let own = ctx.actor.role == Role::Candidate && !ctx.permit.action.is_read();
        let owner = entity::values::Party::Candidate;
        Condition::all().add_option(own.then(|| sheet_item::Column::Owner.eq(owner)))
    }
}

impl Listed for sheet_item::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", sheet_item::Column::CreatedAt),
        ("updated_at", sheet_item::Column::UpdatedAt),
    ];
}

pub(super) fn list(
    ctx: &Ctx,
    booklet_id: Uuid,
    filter: &SheetItemFilter,
) -> Select<sheet_item::Entity> {
    use sheet_item::Column;
    ctx.select::<sheet_item::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.state, |query, state| {
            query.filter(Column::State.eq(state))
        })
        .apply_if(filter.owner, |query, owner| {
            query.filter(Column::Owner.eq(owner))
        })
        .apply_if(filter.kind, |query, kind| {
            query.filter(Column::Kind.eq(kind))
        })
}

/// The sheet that the body names: one of the item's booklet.
pub(super) async fn sheet_named(
    tx: &Tx,
    item: &sheet_item::Model,
    id: Uuid,
) -> Result<action_sheet::Model> {
    tx.reference::<action_sheet::Entity>(id)
        .await?
        .filter(|sheet| sheet.booklet_id == item.booklet_id)
        .ok_or_else(|| Problem::fault("/sheet_id", FaultCode::UnknownReference))
}

/// The states of the sheets that raised and settled the item.
pub(super) async fn states_of_its_sheets(
    tx: &Tx,
    item: &sheet_item::Model,
) -> Result<(Option<SheetState>, Option<SheetState>)> {
    let sheets = tx
        .all_of::<action_sheet::Entity>()
        .filter(action_sheet::Column::Id.is_in(item.raised_in.into_iter().chain(item.settled_in)))
        .all(tx.db())
        .await?;
    let state = |id: Option<Uuid>| {
        let sheet = sheets.iter().find(|sheet| Some(sheet.id) == id);
        sheet.map(|sheet| sheet.state)
    };
    Ok((state(item.raised_in), state(item.settled_in)))
}

/// The sheets of higher numbers that answered the item.
pub(super) async fn later_answers(
    tx: &Tx,
    item: &sheet_item::Model,
    sheet: &action_sheet::Model,
) -> Result<Vec<action_sheet::Model>> {
    let answered = Query::select()
        .column(sheet_answer::Column::SheetId)
        .from(sheet_answer::Entity)
        .and_where(sheet_answer::Column::ItemId.eq(item.id))
        .to_owned();
    Ok(tx
        .all_of::<action_sheet::Entity>()
        .filter(action_sheet::Column::BookletId.eq(item.booklet_id))
        .filter(action_sheet::Column::Number.gt(sheet.number))
        .filter(action_sheet::Column::Id.in_subquery(answered))
        .all(tx.db())
        .await?)
}

/// Writes what a sheet says about an item that came to it, in the place of what it said before;
/// `withdrawn` are the sheets whose answers go with it.
pub(super) async fn write_answer(
    tx: &Tx,
    item: &sheet_item::Model,
    sheet: &action_sheet::Model,
    withdrawn: &[action_sheet::Model],
    reason: Option<String>,
) -> Result<()> {
    let silenced = withdrawn.iter().chain([sheet]).map(|sheet| sheet.id);
    sheet_answer::Entity::delete_many()
        .filter(sheet_answer::Column::ItemId.eq(item.id))
        .filter(sheet_answer::Column::SheetId.is_in(silenced))
        .exec(tx.db())
        .await?;
    if !super::rules::came_to(item, sheet) {
        return Ok(());
    }
    let answer = sheet_answer::ActiveModel {
        id: Set(new_id()),
        organization_id: Set(item.organization_id),
        booklet_id: Set(item.booklet_id),
        sheet_id: Set(sheet.id),
        item_id: Set(item.id),
        answer: Set(match item.state {
            ItemState::Planned => Answer::CarriedOn,
            ItemState::Done => Answer::Done,
            ItemState::Dropped => Answer::Dropped,
        }),
        reason: Set(reason),
    };
    answer.insert(tx.db()).await?;
    Ok(())
}

/// Writes how far the item has come, and raises the versions of the sheets that show it.
pub(super) async fn write_progress(
    tx: &Tx,
    before: &sheet_item::Model,
    after: sheet_item::Model,
) -> Result<sheet_item::Model> {
    let change = sheet_item::ActiveModel {
        due_on: Set(after.due_on),
        state: Set(after.state),
        settled_in: Set(after.settled_in),
        settled_on: Set(after.settled_on),
        dropped_reason: Set(after.dropped_reason),
        variance_reason: Set(after.variance_reason),
        ..Default::default()
    };
    let row = tx.update(before, change).await?;
    raise_sheets(tx, &row, None).await?;
    Ok(row)
}

/// Raises the versions of the sheets that show the item, for they changed with it: the one that
/// raised it, the one that settled it, and all that it came to. A locked one shows what it showed.
pub(crate) async fn raise_sheets(
    tx: &Tx,
    item: &sheet_item::Model,
    except: Option<Uuid>,
) -> Result<()> {
    use action_sheet::Column;
    let showing = Condition::any()
        .add(Column::Id.is_in(item.settled_in))
        .add_option(item.raised_number.map(|number| Column::Number.gte(number)));
    action_sheet::Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now))
        .filter(Column::BookletId.eq(item.booklet_id))
        .filter(Column::State.ne(SheetState::Locked))
        .filter(Column::Id.is_not_in(except))
        .filter(showing)
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The sheet of an appointment, if it has one.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn sheet_about(
    tx: &Tx,
    appointment_id: Uuid,
) -> Result<Option<action_sheet::Model>> {
    let sheets = tx.all_of::<action_sheet::Entity>();
    let about = sheets.filter(action_sheet::Column::AppointmentId.eq(appointment_id));
    Ok(about.one(tx.db()).await?)
}

/// What was settled on a sheet was settled on the day of its appointment, which is this one from now on.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn move_settled_items(
    tx: &mut Tx,
    sheet: &action_sheet::Model,
    to: NaiveDate,
) -> Result<()> {
    let items = tx
        .all_of::<sheet_item::Entity>()
        .filter(sheet_item::Column::SettledIn.eq(sheet.id))
        .all(tx.db())
        .await?;
    for item in items {
        let day = sheet_item::ActiveModel {
            settled_on: Set(Some(to)),
            ..Default::default()
        };
        let item = tx.update(&item, day).await?;
        raise_sheets(tx, &item, Some(sheet.id)).await?;
        tx.record(Event::updated(&item, vec!["settled_on".to_owned()]));
    }
    Ok(())
}
