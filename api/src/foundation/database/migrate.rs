//! Migrations, by one instance at a time.

use std::collections::HashSet;
use std::fs::File;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::{Duration, Instant};

use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::Query;
use sea_orm::sqlx::ConnectOptions;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, QueryResult, RuntimeErr};
use secrecy::ExposeSecret;
use tokio::time::timeout;

use super::failure::is_unavailable;
use super::options::alone;
use crate::foundation::config::Config;

/// Applies the migrations that are missing. Instances that start together wait for one another:
/// by an advisory lock on PostgreSQL, by a locked file beside the database on SQLite.
///
/// # Errors
/// When a migration fails; the ones before it stay applied.
pub async fn migrate(config: &Config) -> Result<(), DbErr> {
    wait_for_server(config).await?;
    if is_up_to_date(config).await {
        return Ok(());
    }
    with_migration_lock(config, async |db| {
        let missing = Migrator::get_pending_migrations(db).await?.len();
        Migrator::up(db, None).await?;
        tracing::info!(applied = missing, "the database is migrated");
        Ok(())
    })
    .await
}

/// Whether nothing is left to apply, asked without writing: a database that only reads can be served.
pub(crate) async fn is_up_to_date(config: &Config) -> bool {
    let asked = async {
        let db = connect(config).await?;
        let table = "seaql_migrations";
        let names = Query::select().column("version").from(table).to_owned();
        let rows = db.query_all(&names).await?;
        db.close().await?;
        let name = |row: &QueryResult| row.try_get_by_index::<String>(0);
        rows.iter().map(name).collect::<Result<HashSet<_>, _>>()
    };
    // A database that has nothing yet, or is not there: the migrations say what is wrong with it.
    let applied = asked.await.unwrap_or_default();
    let mut all = Migrator::migrations().into_iter();
    all.all(|migration| applied.contains(migration.name()))
}

async fn connect(config: &Config) -> Result<DatabaseConnection, DbErr> {
    sea_orm::Database::connect(alone(config)?).await
}

/// Waits for a PostgreSQL that is not there yet, as when both are started at once, and says so each
/// second.
///
/// # Errors
/// When it is not there after `LIVRET_DATABASE_WAIT`, or refuses for good.
async fn wait_for_server(config: &Config) -> Result<(), DbErr> {
    if config.is_sqlite() {
        return Ok(());
    }
    let patience = Duration::from_secs(config.database_wait);
    let started = Instant::now();
    loop {
        let tried = Instant::now();
        let mut options = alone(config)?;
        options.acquire_timeout(Duration::from_secs(1));
        let error = match sea_orm::Database::connect(options).await {
            Ok(db) => return db.close().await,
            Err(error) => error,
        };
        let cause = why_not_there(config).await;
        if started.elapsed() >= patience || !is_unavailable(&error) {
            return Err(cause.map_or(error, |cause| DbErr::Conn(RuntimeErr::Internal(cause))));
        }
        let cause = cause.unwrap_or_else(|| error.to_string());
        tracing::warn!(%cause, "waiting for the database");
        let rest = Duration::from_secs(1).saturating_sub(tried.elapsed());
        tokio::time::sleep(rest).await;
    }
}

/// Which server there is no connection to, and why: a pool only says that it waited. Nothing when there is one
/// by now.
async fn why_not_there(config: &Config) -> Option<String> {
    let options = PgConnectOptions::from_str(config.database_url.expose_secret()).ok()?;
    let place = format!("{}:{}", options.get_host(), options.get_port());
    match timeout(Duration::from_secs(1), options.connect()).await {
        Ok(Ok(_there)) => None,
        Ok(Err(error)) => Some(format!("{place}: {error}")),
        Err(_late) => Some(format!("{place}: no answer within a second")),
    }
}

/// Undoes the last `steps` migrations.
///
/// # Errors
/// When a migration cannot be undone.
pub async fn migrate_down(config: &Config, steps: u32) -> Result<(), DbErr> {
    with_migration_lock(config, async |db| Migrator::down(db, Some(steps)).await).await
}

/// Does what only one instance may do at a time, on a database that is migrated.
///
/// # Errors
/// When the lock is not to be had, or the work fails.
pub async fn one_at_a_time(
    config: &Config,
    work: impl AsyncFnOnce() -> Result<(), DbErr>,
) -> Result<(), DbErr> {
    with_migration_lock(config, async |_| work().await).await
}

async fn with_migration_lock(
    config: &Config,
    work: impl AsyncFnOnce(&DatabaseConnection) -> Result<(), DbErr>,
) -> Result<(), DbErr> {
    // One connection: the advisory lock belongs to it, and it does all the work.
    if config.is_sqlite() {
        let _lock = match config.sqlite_path() {
            Some(path) => Some(lock_beside(path).await?),
            None => None,
        };
        let db = connect(config).await?;
        work(&db).await?;
        db.close().await
    } else {
        let db = connect(config).await?;
        db.execute_unprepared("SET lock_timeout = 0").await?;
        db.execute_unprepared("SELECT pg_advisory_lock(5642183)")
            .await?;
        work(&db).await?;
        db.close().await
    }
}

/// Waits for the file beside the database, off the threads that answer requests.
async fn lock_beside(database: PathBuf) -> Result<File, DbErr> {
    let path = PathBuf::from(format!("{}.lock", database.display()));
    let name = path.display().to_string();
    let lock = move || -> std::io::Result<File> {
        if let Some(folder) = database.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let file = File::create(&path)?;
        file.lock()?;
        Ok(file)
    };
    let locked = tokio::task::spawn_blocking(lock).await;
    let locked = locked.map_err(|error| DbErr::Custom(error.to_string()))?;
    locked.map_err(|error| {
        let why = match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "; the folder of the SQLite file is not writable"
            }
            _ => "",
        };
        DbErr::Custom(format!("cannot lock {name}: {error}{why}"))
    })
}
