//! What a statement reads of the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use api::foundation::database::Transaction;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use tests::World;

/// What is looked into by what means.
pub(super) enum Probe {
    /// Instructions of SQLite's machine.
    Sqlite(Box<SqliteConnection>),
    /// Rows that PostgreSQL touches, by the worse of its two kinds of plan.
    Postgres(Box<Transaction>),
}

impl Probe {
    pub(super) async fn of(world: &World) -> Self {
        let Some(path) = world.state.config.sqlite_path() else {
            let txn = world.state.db.begin_to_read().await.unwrap();
            return Self::Postgres(Box::new(txn));
        };
        let url = format!("sqlite://{}", path.display());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        // The schema is read with the first statement.
        connection.fetch_all("SELECT 1 FROM users").await.unwrap();
        Self::Sqlite(Box::new(connection))
    }

    /// What may be read more among others, where indexes have more levels and the planner may prefer to look through
    /// the organization's own events (some 200), and once the organization itself
    /// has more, where a page is full by then.
    pub(super) fn slack(&self) -> [u64; 2] {
        match self {
            Self::Sqlite(_) => [1_000, 6_000],
            Self::Postgres(_) => [300, 1_000],
        }
    }

    pub(super) async fn read_by(&mut self, statement: &Statement) -> u64 {
        match self {
            Self::Sqlite(connection) => instructions(connection, statement).await,
            Self::Postgres(txn) => {
                let custom = rows(txn, statement, "force_custom_plan").await;
                custom.max(rows(txn, statement, "force_generic_plan").await)
            }
        }
    }
}

async fn instructions(connection: &mut SqliteConnection, statement: &Statement) -> u64 {
    let count = Arc::new(AtomicU64::new(0));
    let counter = count.clone();
    let mut handle = connection.lock_handle().await.unwrap();
    // At each of them: the distance is counted anew with each row.
    handle.set_progress_handler(1, move || {
        counter.fetch_add(1, Ordering::Relaxed);
        true
    });
    drop(handle);
    let sql = with_blobs(&statement.to_string());
    connection.fetch_all(AssertSqlSafe(sql)).await.unwrap();
    count.load(Ordering::Relaxed)
}

/// Ids are blobs in SQLite, and written as texts by what shows a statement.
fn with_blobs(sql: &str) -> String {
    let parts = sql.split('\'').enumerate();
    let parts = parts.map(|(at, part)| match uuid::Uuid::try_parse(part) {
        Ok(id) if at % 2 == 1 => format!("x'{}'", id.simple()),
        _ if at % 2 == 1 => format!("'{part}'"),
        _ => part.to_owned(),
    });
    parts.collect()
}

async fn rows(txn: &Transaction, statement: &Statement, plan: &str) -> u64 {
    let backend = statement.db_backend;
    let values = statement.values.iter().flat_map(|values| &values.0);
    let literal = |value: &sea_orm::Value| {
        Statement::from_sql_and_values(backend, "$1", [value.clone()]).to_string()
    };
    let values: Vec<String> = values.map(literal).collect();
    let values = match values.is_empty() {
        true => String::new(),
        false => format!("({})", values.join(", ")),
    };
    // Tables are small for its taste even now: it would read one from end to end rather than go through
    // an index twenty times.
    let set = format!("SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = {plan}");
    txn.execute_unprepared(&set).await.unwrap();
    let prepare = format!("PREPARE probe AS {}", statement.sql);
    txn.execute_unprepared(&prepare).await.unwrap();
    let explain =
        format!("EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF, FORMAT JSON) EXECUTE probe{values}");
    let explain = Statement::from_string(backend, explain);
    let told = txn.query_one_raw(explain).await.unwrap().unwrap();
    let told: Value = told.try_get_by_index(0).unwrap();
    txn.execute_unprepared("DEALLOCATE probe").await.unwrap();
    scanned(&told[0]["Plan"])
}

/// The rows that all scans of a plan have touched, those that a filter removed included.
fn scanned(plan: &Value) -> u64 {
    let number = |name: &str| plan[name].as_f64().unwrap_or_default();
    let removed = number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
    let here = match plan["Node Type"].as_str() {
        Some(scan) if scan.ends_with("Scan") => {
            (number("Actual Rows") + removed) * number("Actual Loops")
        }
        _ => 0.0,
    };
    let below = plan["Plans"].as_array().into_iter().flatten();
    here as u64 + below.map(scanned).sum::<u64>()
}
