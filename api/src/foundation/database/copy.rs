//! A copy of SQLite's file, made while the service goes on, and what a copy must hold to be one.

use std::path::Path;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, Statement};

use super::options::alone;
use crate::foundation::config::Config;

/// Copies the database as it is now into a new file, which holds no page that is not in use
/// (`VACUUM INTO`). Nobody waits for it: it reads a snapshot.
///
/// # Errors
/// When the database is not there, or the file cannot be written.
pub async fn copy_sqlite(config: &Config, to: &Path) -> Result<(), DbErr> {
    let db = sea_orm::Database::connect(alone(config)?).await?;
    let path = to.display().to_string();
    let copy =
        Statement::from_sql_and_values(db.get_database_backend(), "VACUUM INTO ?", [path.into()]);
    db.execute_raw(copy).await?;
    db.close().await
}

/// Whether the file is whole (`integrity_check`, `foreign_key_check`), and this program knows all
/// migrations that made it.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub async fn check_sqlite(path: &Path) -> Result<(), String> {
    let file = path.to_owned();
    let mut options = ConnectOptions::new("sqlite:");
    options
        .max_connections(1)
        .sqlx_logging(false)
        // By its name, which may hold what an address gives a meaning to.
        .map_sqlx_sqlite_opts(move |sqlite| sqlite.filename(&file).read_only(true).immutable(true));
    let checked = async {
        let db = sea_orm::Database::connect(options).await?;
        let mut found = texts(&db, "PRAGMA integrity_check").await?;
        found.retain(|sentence| sentence != "ok");
        found.extend(texts(&db, "PRAGMA foreign_key_check").await?);
        let applied = texts(&db, "SELECT version FROM seaql_migrations").await?;
        db.close().await?;
        Ok((found, applied))
    };
    let unreadable = |error: DbErr| format!("{}: {error}", path.display());
    let (found, applied) = checked.await.map_err(unreadable)?;
    if let Some(fault) = found.first() {
        return Err(format!("{} is damaged: {fault}", path.display()));
    }
    known(&applied).map_err(|why| format!("{}: {why}", path.display()))
}

/// Whether this program is not older than what was migrated.
fn known(applied: &[String]) -> Result<(), String> {
    let known = Migrator::migrations();
    let is_unknown = |name: &&String| known.iter().all(|one| one.name() != name.as_str());
    match applied.iter().find(is_unknown) {
        Some(name) => Err(format!(
            "made by a newer livret: it has the migration {name}"
        )),
        None => Ok(()),
    }
}

/// The first column of each row.
async fn texts(db: &DatabaseConnection, query: &str) -> Result<Vec<String>, DbErr> {
    let query = Statement::from_string(db.get_database_backend(), query);
    let rows = db.query_all_raw(query).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}
