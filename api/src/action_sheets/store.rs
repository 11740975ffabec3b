//! Which sheets a caller reaches, what they show, and what their changes bring about.

use std::collections::HashSet;

use entity::values::{Party, SheetState};
use entity::{action_sheet, appointment, booklet, objective, sheet_answer, sheet_item};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, RelationDef, Select, Set,
};
use uuid::Uuid;

use super::dto::{ActionSheet, ActionSheetFilter, ActionSheetInput};
use super::rules::{self, Shown};
use super::snapshot::Snapshot;
use crate::candidates::store::has_account;
use crate::completed_actions::store::derive;
use crate::kit::tx::no_fault;
use crate::kit::{BookletPage, Ctx, Event, Fault, FaultCode, Listed, Page, Result, Sorts, Tx};
use crate::sheet_items::store::raise_sheets;

impl BookletPage for action_sheet::Entity {}

impl Listed for action_sheet::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", action_sheet::Column::CreatedAt),
        ("updated_at", action_sheet::Column::UpdatedAt),
        ("number", action_sheet::Column::Number),
        ("appointment_on", action_sheet::Column::AppointmentOn),
    ];
}

pub(super) fn list(
    ctx: &Ctx,
    booklet_id: Uuid,
    filter: &ActionSheetFilter,
) -> Select<action_sheet::Entity> {
    use action_sheet::Column;
    ctx.select::<action_sheet::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.state, |query, state| {
            query.filter(Column::State.eq(state))
        })
}

/// The number of the booklet's next sheet; the booklet is locked.
pub(super) async fn next_number(tx: &Tx, booklet_id: Uuid) -> Result<i32> {
    let highest = tx
        .all_of::<action_sheet::Entity>()
        .filter(action_sheet::Column::BookletId.eq(booklet_id))
        .select_only()
        .column_as(action_sheet::Column::Number.max(), "number")
        .into_tuple::<Option<i32>>()
        .one(tx.db())
        .await?;
    Ok(highest.flatten().unwrap_or(0) + 1)
}

/// The rows that the body names are this booklet's. What the sheet named before is not asked for
/// again: it may be gone since.
///
/// # Errors
/// 422 with a pointer to each that is not.
pub(super) async fn known_references(
    tx: &Tx,
    booklet_id: Uuid,
    input: &ActionSheetInput,
    before: Option<&action_sheet::Model>,
) -> Result<()> {
    let names_objectives =
        !(input.targeted_objective_ids.is_empty() && input.achieved_objective_ids.is_empty());
    let mut known: HashSet<Uuid> = if names_objectives {
        objectives_of(tx, booklet_id).await?
    } else {
        HashSet::new()
    };
    let before = before.into_iter();
    known.extend(before.clone().flat_map(|row| &row.targeted_objective_ids.0));
    known.extend(before.clone().flat_map(|row| &row.achieved_objective_ids.0));
    known.extend(before.filter_map(|row| row.appointment_id));
    let lists = [
        ("targeted_objective_ids", &input.targeted_objective_ids),
        ("achieved_objective_ids", &input.achieved_objective_ids),
    ];
    let mut unknown = Vec::new();
    for (field, ids) in lists {
        let strangers = ids.iter().enumerate().filter(|(_, id)| !known.contains(id));
        unknown.extend(strangers.map(|(index, _)| format!("/{field}/{index}")));
    }
    if let Some(id) = input.appointment_id.filter(|id| !known.contains(id)) {
        let appointment = tx.reference::<appointment::Entity>(id).await?;
        if appointment.is_none_or(|row| row.booklet_id != booklet_id) {
            unknown.push("/appointment_id".to_owned());
        }
    }
    let fault = |pointer| Some(Fault::new(pointer, FaultCode::UnknownReference));
    no_fault(unknown.into_iter().map(fault))
}

async fn objectives_of(tx: &Tx, booklet_id: Uuid) -> Result<HashSet<Uuid>> {
    let ids = tx
        .all_of::<objective::Entity>()
        .filter(objective::Column::BookletId.eq(booklet_id))
        .select_only()
        .column(objective::Column::Id)
        .into_tuple::<Uuid>()
        .all(tx.db())
        .await?;
    Ok(ids.into_iter().collect())
}

/// The sheets of a page together with their items.
pub(crate) async fn show_page(
    ctx: &Ctx,
    page: Page<action_sheet::Model>,
) -> Result<Page<ActionSheet>> {
    let items = ctx.select::<sheet_item::Entity>();
    let ledger = Ledger::read(ctx.state.db.reader(), items, &page.items).await?;
    let shown: Result<Vec<ActionSheet>> = page
        .items
        .into_iter()
        .map(|sheet| ledger.show(ctx, sheet))
        .collect();
    Ok(Page {
        items: shown?,
        next: page.next,
    })
}

/// A sheet together with its items.
pub(super) async fn show(ctx: &Ctx, sheet: action_sheet::Model) -> Result<ActionSheet> {
    let items = ctx.select::<sheet_item::Entity>();
    let sheets = std::slice::from_ref(&sheet);
    let ledger = Ledger::read(ctx.state.db.reader(), items, sheets).await?;
    ledger.show(ctx, sheet)
}

/// The same, as the transaction sees it.
pub(super) async fn show_within(tx: &Tx, sheet: action_sheet::Model) -> Result<ActionSheet> {
    Ledger::of(tx, &sheet).await?.show(tx, sheet)
}

/// The items and answers that sheets show until they are locked.
pub(super) struct Ledger {
    items: Vec<sheet_item::Model>,
    answers: Vec<sheet_answer::Model>,
}

impl Ledger {
    async fn of(tx: &Tx, sheet: &action_sheet::Model) -> Result<Self> {
        let items = tx.all_of::<sheet_item::Entity>();
        Self::read(tx.db(), items, std::slice::from_ref(sheet)).await
    }

    /// Of one sheet, as the reader sees it.
    pub(super) async fn read_by(ctx: &Ctx, sheet: &action_sheet::Model) -> Result<Self> {
        let items = ctx.select::<sheet_item::Entity>();
        Self::read(ctx.state.db.reader(), items, std::slice::from_ref(sheet)).await
    }

    /// What this sheet shows of them.
    pub(super) fn shown(&self, sheet: &action_sheet::Model) -> Shown<'_> {
        rules::shown(sheet, &self.items, &self.answers)
    }

    /// In one query for all the sheets, which are of one booklet; in none when all are locked.
    async fn read(
        db: &impl ConnectionTrait,
        items: Select<sheet_item::Entity>,
        sheets: &[action_sheet::Model],
    ) -> Result<Self> {
        use sheet_item::Column;
        let open = sheets
            .iter()
            .filter(|sheet| sheet.state != SheetState::Locked);
        let booklet_id = open.clone().map(|sheet| sheet.booklet_id).next();
        let open: Vec<Uuid> = open.map(|sheet| sheet.id).collect();
        let Some(booklet_id) = booklet_id else {
            return Ok(Self {
                items: Vec::new(),
                answers: Vec::new(),
            });
        };
        let shown = Condition::any()
            .add(Column::State.eq(entity::values::ItemState::Planned))
            .add(Column::RaisedIn.is_in(open.iter().copied()))
            .add(Column::SettledIn.is_in(open.iter().copied()))
            .add(sheet_answer::Column::Id.is_not_null());
        let rows = items
            .filter(Column::BookletId.eq(booklet_id))
            .join(JoinType::LeftJoin, answers_on(open))
            .filter(shown)
            .select_also(sheet_answer::Entity)
            .order_by_asc(Column::Id)
            .all(db)
            .await?;
        let (mut items, answers): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        items.dedup_by_key(|item| item.id);
        Ok(Self {
            items,
            answers: answers.into_iter().flatten().collect(),
        })
    }

    fn show(&self, ctx: &Ctx, sheet: action_sheet::Model) -> Result<ActionSheet> {
        let snapshot = match &sheet.locked_items {
            Some(kept) => Snapshot::read(&sheet, kept)?,
            None => Snapshot::of(&self.shown(&sheet)),
        };
        Ok(ActionSheet::with(sheet, &snapshot, ctx.locale))
    }
}

/// From an item to the answers of these sheets.
fn answers_on(sheets: Vec<Uuid>) -> RelationDef {
    let to_item: RelationDef = sheet_answer::Entity::belongs_to(sheet_item::Entity)
        .from(sheet_answer::Column::ItemId)
        .to(sheet_item::Column::Id)
        .into();
    to_item.rev().on_condition(move |_, _| {
        let sheets = sheets.iter().copied();
        Condition::all().add(sheet_answer::Column::SheetId.is_in(sheets))
    })
}

/// What was settled on a sheet was settled on the day of its appointment, whenever that is.
pub(super) async fn move_settled_items(tx: &mut Tx, sheet: &action_sheet::Model) -> Result<()> {
    let items = tx
        .all_of::<sheet_item::Entity>()
        .filter(sheet_item::Column::SettledIn.eq(sheet.id))
        .all(tx.db())
        .await?;
    for item in items {
        let day = sheet_item::ActiveModel {
            settled_on: Set(Some(sheet.appointment_on)),
            ..Default::default()
        };
        let item = tx.update(&item, day).await?;
        raise_sheets(tx, &item, Some(sheet.id)).await?;
        tx.record(Event::updated(&item, vec!["settled_on".to_owned()]));
    }
    Ok(())
}

/// Writes who agreed to the sheet.
pub(super) async fn write_state(
    tx: &Tx,
    before: &action_sheet::Model,
    after: &action_sheet::Model,
) -> Result<action_sheet::Model> {
    tx.update(before, state_of(after)).await
}

fn state_of(sheet: &action_sheet::Model) -> action_sheet::ActiveModel {
    action_sheet::ActiveModel {
        state: Set(sheet.state),
        submitted_by: Set(sheet.submitted_by),
        validated_by_candidate_at: Set(sheet.validated_by_candidate_at),
        validated_by_tutor_at: Set(sheet.validated_by_tutor_at),
        on_behalf: Set(sheet.on_behalf),
        ..Default::default()
    }
}

/// Validates and locks a complete sheet: what it shows is kept with it, and each item done on it becomes a
/// completed action (§09).
///
/// # Errors
/// 409 when this party may not validate it, or items lack an answer or an explanation.
pub(super) async fn lock(
    tx: &mut Tx,
    booklet: &booklet::Model,
    before: &action_sheet::Model,
    by: Party,
) -> Result<action_sheet::Model> {
    let has_account = has_account(tx, booklet).await?;
    let ledger = Ledger::of(tx, before).await?;
    let shown = ledger.shown(before);
    let after = rules::lock(before, by, has_account, &shown, tx.now)?;
    for item in &shown.done {
        derive(tx, booklet, before, item).await?;
    }
    let change = action_sheet::ActiveModel {
        locked_items: Set(Some(Snapshot::of(&shown).kept()?)),
        ..state_of(&after)
    };
    tx.update(before, change).await
}
