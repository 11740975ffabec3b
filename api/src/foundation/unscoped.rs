//! The one door to rows that no caller's reach filters. What callers are shown starts from
//! `ctx.select::<E>()`. Here start the service's own work, the look-ups that find out who asks, and rules
//! that must see more than the caller does; whoever comes through adds the filter that is needed.
//!
//! The columns of a table are one text, written once: to put two dozen of them together for each
//! statement cost as much as all the rest of it.
#![expect(clippy::disallowed_methods, reason = "this is the door")]

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use sea_orm::sea_query::{Expr, IntoValueTuple, Query, ReturningClause};
use sea_orm::{
    ColumnTrait, EntityTrait, IdenStatic, Iterable, PrimaryKeyToColumn, PrimaryKeyTrait,
    QueryFilter, QuerySelect, Select,
};

/// What is known of each table that was asked for.
static TABLES: LazyLock<RwLock<HashMap<TypeId, Box<dyn Any + Send + Sync>>>> =
    LazyLock::new(RwLock::default);

/// What statements about a table begin or end with.
#[derive(Clone)]
struct Table<E: EntityTrait> {
    rows: Select<E>,
    /// Its columns, where no other table is meant.
    columns: &'static str,
}

impl<E: EntityTrait> Table<E> {
    fn get() -> Self {
        let kind = TypeId::of::<E>();
        if let Some(known) = Self::known(kind) {
            return known;
        }
        let table = Self::new();
        let mut tables = TABLES.write().unwrap_or_else(PoisonError::into_inner);
        tables.insert(kind, Box::new(table.clone()));
        table
    }

    fn known(kind: TypeId) -> Option<Self> {
        let tables = TABLES.read().unwrap_or_else(PoisonError::into_inner);
        tables.get(&kind)?.downcast_ref::<Self>().cloned()
    }

    fn new() -> Self {
        let table = E::default();
        let columns = |before: &str| {
            let columns = E::Column::iter();
            let columns = columns.map(|column| format!("{before}\"{}\"", column.as_str()));
            // Once for each table.
            columns.collect::<Vec<_>>().join(", ").leak() as &'static str
        };
        let qualified = columns(&format!("\"{}\".", table.table_name()));
        Self {
            rows: E::find().select_only().expr(Expr::cust(qualified)),
            columns: columns(""),
        }
    }
}

/// The rows of a table, whoever's they are.
pub(crate) fn rows<E: EntityTrait>() -> Select<E> {
    Table::get().rows
}

/// The same, for queries that select another table's columns beside: each column by itself.
pub(crate) fn by_columns<E: EntityTrait>(rows: Select<E>) -> Select<E> {
    rows.select_only().columns(E::Column::iter())
}

/// The columns of a table under names that begin so, for queries that read two tables often.
pub(crate) fn prefixed<E: EntityTrait>(prefix: &str) -> String {
    let table = E::default();
    let columns = E::Column::iter().map(|column| {
        let (table, column) = (table.table_name(), column.as_str());
        format!("\"{table}\".\"{column}\" AS \"{prefix}{column}\"")
    });
    columns.collect::<Vec<_>>().join(", ")
}

/// The row of this key, whoever's it is.
pub(crate) fn row<E: EntityTrait>(
    key: impl Into<<E::PrimaryKey as PrimaryKeyTrait>::ValueType>,
) -> Select<E> {
    let values = key.into().into_value_tuple();
    let columns = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    columns.zip(values).fold(rows(), |rows, (column, value)| {
        rows.filter(column.eq(value))
    })
}

/// The whole row, for a statement that writes it.
pub(crate) fn returning<E: EntityTrait>() -> ReturningClause {
    returning_with::<E>(None)
}

/// The same, and what else the statement reads.
pub(crate) fn returning_with<E: EntityTrait>(beside: Option<&str>) -> ReturningClause {
    let columns = Table::<E>::get().columns;
    let beside = beside.map_or_else(String::new, |beside| format!(", {beside}"));
    Query::returning().expr(Expr::cust(format!("{columns}{beside}")))
}
