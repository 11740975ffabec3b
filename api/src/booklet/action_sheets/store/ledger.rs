//! What sheets show: their items, and the answers given on them.

use std::sync::LazyLock;

use entity::values::{ItemState, SheetState};
use entity::{action_sheet, booklet, sheet_answer, sheet_item};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait, RelationDef, Select,
};
use uuid::Uuid;

use crate::booklet::action_sheets::dto::ActionSheet;
use crate::booklet::action_sheets::rules::{self, Shown};
use crate::booklet::action_sheets::snapshot::Snapshot;
use crate::foundation::unscoped::{prefixed, rows};
use crate::kit::{Ctx, IfMatch, Page, Result, Tx};

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
    let ledger = Ledger::read(ctx.state.db.reader(), &page.items).await?;
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

/// A sheet within reach, and what it shows, in one query.
///
/// # Errors
/// 404 when there is none.
pub(in crate::booklet::action_sheets) async fn read(
    ctx: &Ctx,
    id: Uuid,
) -> Result<(action_sheet::Model, Ledger)> {
    let (sheet, rows) = ctx.row_beside(id, with_items).await?;
    Ok((sheet, Ledger::of_rows(&rows)?))
}

/// A sheet to change, its booklet, and what it shows.
///
/// # Errors
/// 404, then 428 or 412, then 409.
pub(in crate::booklet::action_sheets) async fn to_change(
    tx: &Tx,
    id: Uuid,
    if_match: &IfMatch,
) -> Result<(booklet::Model, action_sheet::Model, Ledger)> {
    let found = tx.page_to_change_beside(id, if_match, with_items).await?;
    let (booklet, sheet, rows) = found;
    Ok((booklet, sheet, Ledger::of_rows(&rows)?))
}

/// A sheet together with its items, as the transaction sees it.
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
        Self::read(tx.db(), std::slice::from_ref(sheet)).await
    }

    /// Of one sheet, which the caller reaches.
    pub(in crate::booklet::action_sheets) async fn read_by(
        ctx: &Ctx,
        sheet: &action_sheet::Model,
    ) -> Result<Self> {
        Self::read(ctx.state.db.reader(), std::slice::from_ref(sheet)).await
    }

    /// What this sheet shows of them.
    pub(in crate::booklet::action_sheets) fn shown(
        &self,
        sheet: &action_sheet::Model,
    ) -> Shown<'_> {
        rules::shown(sheet, &self.items, &self.answers)
    }

    /// In one query for all the sheets, which are of one booklet; in none when all are locked. Whoever
    /// reaches a sheet reads the items of its booklet.
    async fn read(db: &impl ConnectionTrait, sheets: &[action_sheet::Model]) -> Result<Self> {
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
            .add(Column::State.eq(ItemState::Planned))
            .add(Column::RaisedIn.is_in(open.iter().copied()))
            .add(Column::SettledIn.is_in(open.iter().copied()))
            .add(sheet_answer::Column::Id.is_not_null());
        let rows = rows::<sheet_item::Entity>()
            .select_only()
            .expr(Expr::cust(COLUMNS.as_str()))
            .filter(Column::BookletId.eq(booklet_id))
            .join(
                JoinType::LeftJoin,
                answers_on(move |id| id.is_in(open.clone())),
            )
            .filter(shown)
            .order_by_asc(Column::Id)
            .into_query();
        Self::of_rows(&db.query_all(&rows).await?)
    }

    fn of_rows(rows: &[QueryResult]) -> Result<Self> {
        let (mut items, mut answers) = (Vec::new(), Vec::new());
        for row in rows {
            let item = sheet_item::Model::from_query_result_optional(row, ITEM)?;
            let answer = sheet_answer::Model::from_query_result_optional(row, ANSWER)?;
            items.extend(item);
            answers.extend(answer);
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

/// A sheet that is not locked with the items that it shows, a row for each.
fn with_items(sheet: Select<action_sheet::Entity>) -> Select<action_sheet::Entity> {
    use sheet_item::Column;
    let this = || Expr::col((action_sheet::Entity, action_sheet::Column::Id));
    let items: RelationDef = action_sheet::Entity::belongs_to(sheet_item::Entity)
        .from(action_sheet::Column::BookletId)
        .to(Column::BookletId)
        .into();
    let answered = Query::select()
        .column(sheet_answer::Column::ItemId)
        .from(sheet_answer::Entity)
        .and_where(sheet_answer::Column::SheetId.into_expr().eq(this()))
        .to_owned();
    let items = items.on_condition(move |_, _| {
        let shown = Condition::any()
            .add(Column::State.eq(ItemState::Planned))
            .add(Column::RaisedIn.into_expr().eq(this()))
            .add(Column::SettledIn.into_expr().eq(this()))
            .add(Column::Id.in_subquery(answered.clone()));
        Condition::all()
            .add(action_sheet::Column::State.ne(SheetState::Locked))
            .add(shown)
    });
    let answers = answers_on(move |sheet_id| sheet_id.eq(this()));
    sheet
        .expr(Expr::cust(COLUMNS.as_str()))
        .join(JoinType::LeftJoin, items)
        .join(JoinType::LeftJoin, answers)
        .order_by_asc(Column::Id)
}

/// From an item to the answers of these sheets.
fn answers_on(of_sheets: impl Fn(Expr) -> Expr + Send + Sync + 'static) -> RelationDef {
    let to_item: RelationDef = sheet_answer::Entity::belongs_to(sheet_item::Entity)
        .from(sheet_answer::Column::ItemId)
        .to(sheet_item::Column::Id)
        .into();
    let sheet_id = || sheet_answer::Column::SheetId.into_expr();
    to_item
        .rev()
        .on_condition(move |_, _| Condition::all().add(of_sheets(sheet_id())))
}
