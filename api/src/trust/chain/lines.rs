//! How lines of the access log are written: by one statement, however many they are.

use std::sync::LazyLock;

use entity::access_entry::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, IdenStatic, Iterable, Set,
    Statement, TryIntoModel,
};

use crate::foundation::database::Transaction;

/// All columns but the number, which PostgreSQL gives.
static COLUMNS: LazyLock<String> = LazyLock::new(|| {
    let given = Column::iter().filter(|column| !matches!(column, Column::Sequence));
    let names = given.map(|column| format!("\"{}\"", column.as_str()));
    names.collect::<Vec<_>>().join(", ")
});

/// Writes these lines, and gives the rows that they became.
///
/// PostgreSQL takes them as one JSON text, by a statement that it knows already: as many values of one
/// statement, made anew for each number of lines, cost three times as much there, and more here.
///
/// # Errors
/// When the database does not take them.
pub(super) async fn write(txn: &Transaction, lines: Vec<ActiveModel>) -> Result<Vec<Model>, DbErr> {
    if txn.get_database_backend() != DbBackend::Postgres {
        return Entity::insert_many(lines).exec_with_returning(txn).await;
    }
    let lines = lines.into_iter().map(|mut line| {
        line.sequence = Set(0);
        line.try_into_model()
    });
    let lines = lines.collect::<Result<Vec<Model>, DbErr>>()?;
    let text = serde_json::to_string(&lines).map_err(|error| DbErr::Json(error.to_string()))?;
    let columns = COLUMNS.as_str();
    let insert = format!(
        "INSERT INTO access_entries ({columns}) SELECT {columns} \
         FROM json_populate_recordset(NULL::access_entries, CAST($1 AS json)) RETURNING *"
    );
    let insert = Statement::from_sql_and_values(DbBackend::Postgres, insert, [text.into()]);
    let rows = txn.query_all_raw(insert).await?.into_iter();
    rows.map(|row| Model::from_query_result(&row, "")).collect()
}
