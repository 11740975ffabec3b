//! What sheets show: their items, and the answers given on them.

use std::sync::LazyLock;

use entity::values::SheetState;
use entity::{action_sheet, sheet_answer, sheet_item};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, RelationDef, Select,
};
use uuid::Uuid;

use crate::booklet::action_sheets::dto::ActionSheet;
use crate::booklet::action_sheets::rules::{self, Shown};
use crate::booklet::action_sheets::snapshot::Snapshot;
use crate::foundation::unscoped::prefixed;
use crate::kit::{Ctx, Page, Result, Tx};

/// Before the names of columns.
const ITEM: &str = "item_";
const ANSWER: &str = "answer_";

/// What is selected for each sheet that is shown.
static COLUMNS: LazyLock<String> = LazyLock::new(|| {
    let item = prefixed::<sheet_item::Entity>(ITEM);
    let answer = prefixed::<sheet_answer::Entity>(ANSWER);
    format!("{item}, {answer}")
});

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
pub(in crate::booklet::action_sheets) async fn show(
    ctx: &Ctx,
    sheet: action_sheet::Model,
) -> Result<ActionSheet> {
    let items = ctx.select::<sheet_item::Entity>();
    let sheets = std::slice::from_ref(&sheet);
    let ledger = Ledger::read(ctx.state.db.reader(), items, sheets).await?;
    ledger.show(ctx, sheet)
}

/// The same, as the transaction sees it.
pub(in crate::booklet::action_sheets) async fn show_within(
    tx: &Tx,
    sheet: action_sheet::Model,
) -> Result<ActionSheet> {
    Ledger::of(tx, &sheet).await?.show(tx, sheet)
}

/// The items and answers that sheets show until they are locked.
pub(in crate::booklet::action_sheets) struct Ledger {
    items: Vec<sheet_item::Model>,
    answers: Vec<sheet_answer::Model>,
}

impl Ledger {
    pub(in crate::booklet::action_sheets) async fn of(
        tx: &Tx,
        sheet: &action_sheet::Model,
    ) -> Result<Self> {
        let items = tx.all_of::<sheet_item::Entity>();
        Self::read(tx.db(), items, std::slice::from_ref(sheet)).await
    }

    /// Of one sheet, as the reader sees it.
    pub(in crate::booklet::action_sheets) async fn read_by(
        ctx: &Ctx,
        sheet: &action_sheet::Model,
    ) -> Result<Self> {
        let items = ctx.select::<sheet_item::Entity>();
        Self::read(ctx.state.db.reader(), items, std::slice::from_ref(sheet)).await
    }

    /// What this sheet shows of them.
    pub(in crate::booklet::action_sheets) fn shown(
        &self,
        sheet: &action_sheet::Model,
    ) -> Shown<'_> {
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
            .select_only()
            .expr(Expr::cust(COLUMNS.as_str()))
            .filter(Column::BookletId.eq(booklet_id))
            .join(JoinType::LeftJoin, answers_on(open))
            .filter(shown)
            .order_by_asc(Column::Id)
            .into_query();
        let (mut items, mut answers) = (Vec::new(), Vec::new());
        for row in db.query_all(&rows).await? {
            items.push(sheet_item::Model::from_query_result(&row, ITEM)?);
            answers.extend(sheet_answer::Model::from_query_result_optional(
                &row, ANSWER,
            )?);
        }
        items.dedup_by_key(|item| item.id);
        Ok(Self { items, answers })
    }

    /// The sheet with them.
    pub(in crate::booklet::action_sheets) fn show(
        &self,
        ctx: &Ctx,
        sheet: action_sheet::Model,
    ) -> Result<ActionSheet> {
        let snapshot = match &sheet.locked_items {
            Some(kept) => Snapshot::read(&sheet, kept)?,
            None => Snapshot::of(&self.shown(&sheet)),
        };
        Ok(ActionSheet::with(sheet, &snapshot, ctx))
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
