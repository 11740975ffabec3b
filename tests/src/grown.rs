//! A database that has grown: what one organization has, copied many times over, by the database itself.
//! For tests that look at what a query reads, and for `cargo run -p tests --bin grow`.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use uuid::Uuid;

/// What is copied of an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grown {
    /// All of it: as many other organizations like it.
    Organizations,
    /// Its candidates and their booklets: the organization itself grows.
    Booklets,
}

/// What is of the moment, or would be chained and sent anew.
const LEFT_OUT: [&str; 14] = [
    // Made by triggers when names are copied.
    "name_grams",
    "gram_places",
    "seaql_migrations",
    "sessions",
    "invitations",
    "account_tokens",
    "revoked_tokens",
    "sign_in_limits",
    "idempotency_keys",
    "mails",
    "audit_links",
    "imports",
    "import_rows",
    "import_faults",
];
/// Columns whose values are unique.
const UNIQUE: [&str; 4] = ["email", "client_id", "external_id", "key_hash"];

struct Column {
    table: String,
    name: String,
    is_uuid: bool,
}

/// Copies of an organization, numbered from `first` up to but not including `end`.
///
/// # Errors
/// When the database refuses a statement.
pub async fn grow(
    db: &impl ConnectionTrait,
    what: Grown,
    organization: Uuid,
    first: u32,
    end: u32,
) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let columns = columns(db).await?;
    let mut tables: Vec<&str> = columns.iter().map(|column| column.table.as_str()).collect();
    tables.dedup();
    let has = |table: &str, name: &str| {
        let mut of = columns.iter().filter(|column| column.table == table);
        of.any(|column| column.name == name)
    };
    let copied = |table: &str| match what {
        Grown::Organizations => has(table, "organization_id") || table == "organizations",
        Grown::Booklets => has(table, "booklet_id") || matches!(table, "booklets" | "candidates"),
    };
    tables.retain(|table| copied(table));

    let numbered = match backend {
        DbBackend::Postgres => "CREATE TABLE copied (n bigserial, id uuid UNIQUE)",
        _ => "CREATE TABLE copied (n integer PRIMARY KEY, id blob UNIQUE)",
    };
    run(db, numbered, &[]).await?;
    let own = [Value::from(organization)];
    for table in tables.iter().filter(|table| has(table, "id")) {
        let whose = if *table == "organizations" {
            "id"
        } else {
            "organization_id"
        };
        let ids = format!("INSERT INTO copied (id) SELECT id FROM {table} WHERE {whose} = $1");
        run(db, &ids, &own).await?;
    }

    let numbers = match backend {
        DbBackend::Postgres => format!("generate_series({first}, {end} - 1) AS of(k)"),
        _ => format!(
            "(WITH RECURSIVE n(k) AS (SELECT {first} UNION ALL SELECT k + 1 FROM n WHERE k < {end} - 1)
              SELECT k FROM n) AS of"
        ),
    };
    run(db, "ANALYZE copied", &[]).await?;
    let asked = "SELECT coalesce(max(position), 0) FROM events WHERE organization_id = $1";
    let asked = Statement::from_sql_and_values(backend, asked, own.clone());
    let answered = db.query_one_raw(asked).await?;
    let places: i64 = answered.map_or(Ok(0), |row| row.try_get_by_index(0))?;
    for table in &tables {
        let names: Vec<&Column> = columns
            .iter()
            .filter(|column| column.table == *table)
            .collect();
        let listed: Vec<String> = names
            .iter()
            .map(|column| format!("\"{}\"", column.name))
            .collect();
        let values: Vec<String> = names
            .iter()
            .map(|column| value(backend, what, places, column))
            .collect();
        let which = if has(table, "id") {
            "r.id IN (SELECT id FROM copied)"
        } else if what == Grown::Booklets {
            "r.booklet_id IN (SELECT id FROM copied)"
        } else {
            "r.organization_id = $1"
        };
        let insert = format!(
            "INSERT INTO {table} ({}) SELECT {} FROM {table} AS r, {numbers} WHERE {which}",
            listed.join(", "),
            values.join(", "),
        );
        let is_own = which.contains("$1");
        run(db, &insert, if is_own { &own } else { &[] }).await?;
    }
    run(db, "DROP TABLE copied", &[]).await?;
    if what == Grown::Booklets {
        let last =
            "UPDATE feeds SET last_position = coalesce((SELECT max(position) FROM events AS e
                     WHERE e.organization_id = feeds.organization_id), last_position)";
        run(db, last, &[]).await?;
    }
    if backend == DbBackend::Postgres {
        for table in ["events", "access_entries"] {
            let next = format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'sequence'), (SELECT max(sequence) FROM {table}))"
            );
            run(db, &next, &[]).await?;
        }
    }
    run(db, "ANALYZE", &[]).await
}

/// What a column of copy number `k` holds; the organization's feed has so many places before.
fn value(backend: DbBackend, what: Grown, places: i64, column: &Column) -> String {
    let (table, name) = (column.table.as_str(), column.name.as_str());
    let own = format!("r.\"{name}\"");
    if (table, name, what) == ("candidates", "user_id", Grown::Booklets) {
        return "NULL".to_owned();
    }
    if column.is_uuid {
        // Made of the copy's number and the row's.
        let new = match backend {
            DbBackend::Postgres => {
                "(lpad(to_hex(of.k), 8, '0') || '000070008000' || lpad(to_hex(c.n), 12, '0'))::uuid"
            }
            _ => "CAST(unhex(printf('%08x000070008000%012x', of.k, c.n)) AS BLOB)",
        };
        return format!("coalesce((SELECT {new} FROM copied AS c WHERE c.id = {own}), {own})");
    }
    if name == "sequence" && matches!(table, "events" | "access_entries") {
        return format!("{own} + of.k * (SELECT max(sequence) FROM {table})");
    }
    if name == "position" && table == "events" && what == Grown::Booklets {
        // What is private has no place in the feed, but a number below zero.
        let (below, place) = (
            format!("{own} - CAST(of.k AS bigint) * 1000000000"),
            format!("{own} + of.k * {places}"),
        );
        return format!("CASE WHEN {own} < 0 THEN {below} ELSE {place} END");
    }
    if UNIQUE.contains(&name) {
        return format!("of.k || '-' || {own}");
    }
    if matches!((table, name), ("candidates", "search" | "family_name")) {
        return format!("{own} || ' ' || of.k");
    }
    own
}

/// The columns of all tables that are copied, in the order in which the tables were made.
async fn columns(db: &impl ConnectionTrait) -> Result<Vec<Column>, DbErr> {
    let backend = db.get_database_backend();
    let question = match backend {
        DbBackend::Postgres => {
            "SELECT c.relname::text, a.attname::text, a.atttypid = 'uuid'::regtype
             FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
             WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
               AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY c.oid, a.attnum"
        }
        _ => {
            "SELECT t.name, c.name, c.type LIKE 'uuid%' FROM sqlite_master AS t, pragma_table_info(t.name) AS c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.rowid, c.cid"
        }
    };
    let rows = db
        .query_all_raw(Statement::from_string(backend, question))
        .await?;
    let column = |row: &sea_orm::QueryResult| {
        Ok(Column {
            table: row.try_get_by_index(0)?,
            name: row.try_get_by_index(1)?,
            is_uuid: row.try_get_by_index(2)?,
        })
    };
    let all: Result<Vec<Column>, DbErr> = rows.iter().map(column).collect();
    let mut all = all?;
    all.retain(|column| !LEFT_OUT.contains(&column.table.as_str()));
    Ok(all)
}

async fn run(db: &impl ConnectionTrait, sql: &str, values: &[Value]) -> Result<(), DbErr> {
    let backend = db.get_database_backend();
    let statement = Statement::from_sql_and_values(backend, sql, values.to_vec());
    db.execute_raw(statement).await?;
    Ok(())
}
