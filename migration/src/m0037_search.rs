//! People are found by their names though these are mistyped: each three letters of a name that stand
//! together, by organization, kept by triggers. And by telephone and e-mail address.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{string_len, uuid};

use crate::tables::{index, no_trigger, trigger};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

pub(crate) const TABLE: &str = "name_grams";
/// Whose names: the table, and what their rows are called.
pub(crate) const NAMED: [(&str, &str); 2] = [("candidates", "candidate"), ("users", "user")];
const FOUND_BY: [(&str, &[&str]); 2] = [
    ("candidates", &["organization_id", "phone"]),
    ("candidates", &["organization_id", "email"]),
];

/// The grams of the rows that this selects them from, each of which has the columns of `row`.
fn grams(is_sqlite: bool, kind: &str, row: &str, from: &str) -> String {
    // Words begin with a space; what is folded is ASCII nearly always.
    let (text, places) = match is_sqlite {
        true => (
            format!("' ' || CAST({row}.sort_key AS text)"),
            "(SELECT 10 * a.d + b.d + 1 AS place FROM
                (SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4
                 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) AS a,
                (SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4
                 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) AS b)",
        ),
        false => (
            format!("' ' || encode({row}.sort_key, 'escape')"),
            "(SELECT generate_series(1, 100) AS place)",
        ),
    };
    format!(
        "INSERT INTO {TABLE} (organization_id, gram, kind, id)
         SELECT DISTINCT {row}.organization_id, substr({text}, n.place, 3), '{kind}', {row}.id
         FROM {from}{places} AS n
         WHERE {row}.organization_id IS NOT NULL AND n.place <= length({text}) - 2
           AND substr({text}, n.place, 3) NOT LIKE '_% %'"
    )
}

/// Name, on which change, and what follows.
fn triggers(is_sqlite: bool) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for (table, kind) in NAMED {
        let forget = |row: &str| format!("DELETE FROM {TABLE} WHERE id = {row}.id");
        let note = grams(is_sqlite, kind, "NEW", "");
        all.push((
            format!("grams-{table}-insert"),
            format!("INSERT ON {table} FOR EACH ROW"),
            note.clone(),
        ));
        all.push((
            format!("grams-{table}-update"),
            format!(
                "UPDATE OF sort_key ON {table} FOR EACH ROW WHEN (NEW.sort_key <> OLD.sort_key)"
            ),
            format!("{}; {note}", forget("NEW")),
        ));
        all.push((
            format!("grams-{table}-delete"),
            format!("DELETE ON {table} FOR EACH ROW"),
            forget("OLD"),
        ));
    }
    all
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        make(m).await?;
        for (table, columns) in FOUND_BY {
            m.create_index(index(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in FOUND_BY {
            let name = format!("idx-{table}-{}", columns.join("-"));
            m.drop_index(Index::drop().name(name).table(table).to_owned())
                .await?;
        }
        unmake(m).await
    }
}

/// The table of letters, what it holds, and what keeps it.
pub(crate) async fn make(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let db = m.get_connection();
    let is_sqlite = m.get_database_backend() == DbBackend::Sqlite;
    m.create_table(table()).await?;
    m.create_index(index(TABLE, &["id"])).await?;
    for (table, kind) in NAMED {
        let from = format!("{table} AS r, ");
        db.execute_unprepared(&grams(is_sqlite, kind, "r", &from))
            .await?;
    }
    for (name, when, then) in triggers(is_sqlite) {
        for create in trigger(is_sqlite, &name, &when, &then) {
            db.execute_unprepared(&create).await?;
        }
    }
    Ok(())
}

/// Takes it away, however it is kept.
pub(crate) async fn unmake(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let is_sqlite = m.get_database_backend() == DbBackend::Sqlite;
    for (name, ..) in triggers(is_sqlite) {
        m.get_connection()
            .execute_unprepared(&no_trigger(is_sqlite, &name))
            .await?;
    }
    m.drop_table(Table::drop().table(TABLE).to_owned()).await
}

/// Its columns and its key.
pub(crate) fn table() -> TableCreateStatement {
    let mut primary = Index::create();
    for column in ["organization_id", "gram", "kind", "id"] {
        primary.col(column);
    }
    Table::create()
        .table(TABLE)
        .col(uuid("organization_id"))
        .col(string_len("gram", 12))
        .col(string_len("kind", 12))
        .col(uuid("id"))
        .primary_key(&mut primary)
        .take()
}
