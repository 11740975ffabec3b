//! A table as it is exported: its columns under the names of the API, and its rows page by page.

use std::future::{Future, ready};

use chrono::{DateTime, Utc};
use entity::candidate;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sea_orm::sea_query::{Condition, Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn, QueryFilter, QueryOrder,
    QuerySelect, Value,
};
use serde_json::Value as Cell;
use uuid::Uuid;

use super::cell::cell;
use crate::kit::{Code, Ctx, Problem, Result, Scoped};

/// How many rows are in memory at a time. A connection is held while they are read, not while
/// they are sent.
const PAGE: u64 = 500;

/// A table that organizations take away. What is not among its columns stays: owners that are
/// always the organization itself, keys of search and order, secrets.
pub(crate) trait Exported: Scoped {
    /// In addresses and file names.
    const NAME: &'static str;
    /// What one row is.
    const ABOUT: &'static str;
    /// The object of the API document whose properties the columns are.
    const SCHEMA: Option<&'static str>;
    /// In this order, which never changes: new ones come last.
    const COLUMNS: &'static [Self::Column];
    /// When a row last changed, where that is kept.
    const CHANGED: Option<Self::Column>;
    /// What puts rows in order before their key, where the table has an index for that: never
    /// null, never changed.
    const BEFORE_KEY: Option<Self::Column> = None;

    /// What is to be done before rows are read.
    fn prepared(_ctx: &Ctx) -> impl Future<Output = Result<()>> + Send {
        ready(Ok(()))
    }

    /// The rows that leave, of those within reach.
    #[must_use]
    fn leaving() -> Condition {
        Condition::all()
    }

    /// The row as the API shows it on the day of this call.
    #[must_use]
    fn shown(row: Self::Model, _ctx: &Ctx) -> Self::Model {
        row
    }

    /// What the API calls a column.
    #[must_use]
    fn name(column: &Self::Column) -> &'static str {
        column.as_str()
    }
}

/// Which rows.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Filter {
    pub(super) updated_since: Option<DateTime<Utc>>,
    pub(super) booklet_id: Option<Uuid>,
}

/// Some rows, and where the next ones begin.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) next: Option<Cursor>,
}

/// After which row to go on: its key, and what it is put in order of before.
#[derive(Clone, Debug)]
pub(super) struct Cursor {
    before_key: Option<Value>,
    key: Value,
}

type Read = fn(Ctx, Filter, Option<Cursor>) -> BoxFuture<'static, Result<Rows>>;

/// An exported table, whichever it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dataset {
    pub(crate) name: &'static str,
    pub(super) about: &'static str,
    pub(super) schema: Option<&'static str>,
    /// Whether rows know when they last changed.
    pub(super) has_changes: bool,
    columns: fn() -> Vec<&'static str>,
    of_booklets: fn() -> bool,
    read: Read,
}

impl Dataset {
    pub(super) const fn of<E: Exported>() -> Self {
        Self {
            name: E::NAME,
            about: E::ABOUT,
            schema: E::SCHEMA,
            has_changes: E::CHANGED.is_some(),
            columns: || E::COLUMNS.iter().map(E::name).collect(),
            of_booklets: || booklet_of::<E>().is_some(),
            read: |ctx, filter, after| read::<E>(ctx, filter, after).boxed(),
        }
    }

    /// The names of its columns, in their order.
    pub(super) fn columns(&self) -> Vec<&'static str> {
        (self.columns)()
    }

    /// Whether its rows name a booklet.
    pub(super) fn of_booklets(&self) -> bool {
        (self.of_booklets)()
    }

    /// Whether every candidate of the organization stands in it, or may.
    pub(super) fn tells_of_candidates(&self) -> bool {
        self.of_booklets() || self.name == candidate::Entity::NAME
    }

    /// The rows after this cursor, in the order of their keys: so each row that stays is read once,
    /// whatever comes and goes.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(super) async fn page(
        &self,
        ctx: &Ctx,
        filter: Filter,
        after: Option<Cursor>,
    ) -> Result<Rows> {
        (self.read)(ctx.clone(), filter, after).await
    }
}

/// The column that names a row's booklet; of a booklet, its id.
fn booklet_of<E: Exported>() -> Option<E::Column> {
    let name = if E::default().table_name() == "booklets" {
        "id"
    } else {
        "booklet_id"
    };
    E::Column::iter().find(|column| column.as_str() == name)
}

async fn read<E: Exported>(ctx: Ctx, filter: Filter, after: Option<Cursor>) -> Result<Rows> {
    let key = E::PrimaryKey::iter()
        .next()
        .ok_or(Problem::new(Code::InternalError))?
        .into_column();
    let mut query = ctx.select::<E>().filter(E::leaving());
    if let Some(first) = E::BEFORE_KEY {
        query = query.order_by_asc(first);
    }
    query = query.order_by_asc(key).limit(PAGE);
    if let Some(after) = after {
        query = query.filter(beyond::<E>(key, after));
    }
    if let Some((changed, since)) = E::CHANGED.zip(filter.updated_since) {
        query = query.filter(changed.gte(since));
    }
    if let Some((booklet, id)) = booklet_of::<E>().zip(filter.booklet_id) {
        query = query.filter(booklet.eq(id));
    }
    E::prepared(&ctx).await?;
    let found = query.all(ctx.state.db.reader()).await?;
    let is_full = found.len() as u64 == PAGE;
    let next = found.last().filter(|_| is_full).map(|last| Cursor {
        before_key: E::BEFORE_KEY.map(|first| last.get(first)),
        key: last.get(key),
    });
    let cells = |row: E::Model| {
        let row = E::shown(row, &ctx);
        let values = E::COLUMNS.iter().map(|column| cell(row.get(*column)));
        values.collect::<Result<Vec<Cell>>>()
    };
    Ok(Rows {
        rows: found.into_iter().map(cells).collect::<Result<_>>()?,
        next,
    })
}

fn beyond<E: Exported>(key: E::Column, after: Cursor) -> SimpleExpr {
    let column = |column: E::Column| Expr::col(column.as_column_ref());
    match E::BEFORE_KEY.zip(after.before_key) {
        Some((first, value)) => {
            let row = Expr::tuple([column(first), column(key)]);
            row.gt(Expr::tuple([Expr::val(value), Expr::val(after.key)]))
        }
        None => column(key).gt(after.key),
    }
}
