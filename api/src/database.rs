//! The two databases behind one handle: embedded SQLite, and PostgreSQL.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    RuntimeErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

use secrecy::ExposeSecret;

use crate::config::Config;

/// How long a writer waits for its turn before it is told to come back.
const WRITER_PATIENCE: Duration = Duration::from_secs(4);

/// An open database. Writers and readers have connections of their own, so that writers who wait
/// for a booklet never keep readers waiting. On SQLite writers queue for one connection, for
/// SQLite's own waiters are not fair.
#[derive(Clone, Debug)]
pub struct Database {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    statements: Arc<AtomicU64>,
}

impl Database {
    /// Opens the database of the configuration, creating a SQLite file that is not there.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn open(config: &Config) -> Result<Self, DbErr> {
        let statements = Arc::new(AtomicU64::new(0));
        let open = async |options| -> Result<DatabaseConnection, DbErr> {
            let mut pool = sea_orm::Database::connect(options).await?;
            let counter = statements.clone();
            pool.set_metric_callback(move |_| {
                counter.fetch_add(1, Ordering::Relaxed);
            });
            Ok(pool)
        };
        let (readers, writer) = if config.is_sqlite() {
            let readers = open(sqlite(config, config.pool_size())).await?;
            (readers, open(sqlite(config, 1)).await?)
        } else {
            let readers = open(postgres(config, config.pool_size())).await?;
            let mut options = postgres(config, config.pool_size());
            options.acquire_timeout(WRITER_PATIENCE);
            (readers, open(options).await?)
        };
        Ok(Self {
            readers,
            writer,
            statements,
        })
    }

    /// How many statements were sent since the start.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// For queries outside a transaction.
    #[must_use]
    pub fn reader(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// For a single statement that writes.
    #[must_use]
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a writing transaction: on SQLite an immediate one, for a deferred one that reads
    /// before it writes fails at once under concurrency.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.writer
            .begin_with_options(TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            })
            .await
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    #[expect(clippy::disallowed_methods, reason = "nothing is written in it")]
    pub async fn begin_to_read(&self) -> Result<DatabaseTransaction, DbErr> {
        self.readers.begin().await
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// When a connection cannot be closed in order.
    pub async fn close(self) -> Result<(), DbErr> {
        self.readers.close().await?;
        self.writer.close().await
    }
}

/// Has PostgreSQL plan the queries of this transaction by their values. A plan that it keeps is one of
/// when a table was small, which takes long once a file has filled it.
///
/// # Errors
/// When the database does not answer.
pub async fn plan_by_values(txn: &DatabaseTransaction) -> Result<(), DbErr> {
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared("SET LOCAL plan_cache_mode = force_custom_plan")
            .await?;
    }
    Ok(())
}

/// Applies the migrations that are missing. Instances that start together wait for one another:
/// by an advisory lock on PostgreSQL, by a locked file beside the database on SQLite.
///
/// # Errors
/// When a migration fails; the ones before it stay applied.
pub async fn migrate(config: &Config) -> Result<(), DbErr> {
    with_migration_lock(config, async |db| Migrator::up(db, None).await).await
}

/// Undoes the last `steps` migrations.
///
/// # Errors
/// When a migration cannot be undone.
pub async fn migrate_down(config: &Config, steps: u32) -> Result<(), DbErr> {
    with_migration_lock(config, async |db| Migrator::down(db, Some(steps)).await).await
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
        let db = sea_orm::Database::connect(sqlite(config, 1)).await?;
        work(&db).await?;
        db.close().await
    } else {
        let mut options = postgres(config, 1);
        options.statement_timeout(Duration::from_secs(600));
        let db = sea_orm::Database::connect(options).await?;
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
    locked.map_err(|error| DbErr::Custom(format!("cannot lock {name}: {error}")))
}

fn sqlite(config: &Config, connections: u32) -> ConnectOptions {
    let synchronous = config.sqlite_synchronous;
    let mut options = options(config, connections);
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::from(synchronous))
            .busy_timeout(Duration::from_secs(5))
            // A page of rows comes whole, not row by row.
            .row_buffer_size(500)
            .pragma("temp_store", "memory")
    });
    options
}

fn postgres(config: &Config, connections: u32) -> ConnectOptions {
    let mut options = options(config, connections);
    options
        .statement_timeout(Duration::from_secs(5))
        .map_sqlx_postgres_opts(|postgres| {
            postgres.options([
                ("lock_timeout", "2s"),
                ("idle_in_transaction_session_timeout", "10s"),
                ("timezone", "UTC"),
            ])
        });
    options
}

fn options(config: &Config, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.database_url.expose_secret());
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(if config.is_sqlite() { 4 } else { 2 }))
        .test_before_acquire(false)
        .sqlx_logging(false);
    options
}

/// Whether a failed query may succeed a little later: the database is away, full, or busy.
#[must_use]
pub fn is_unavailable(error: &DbErr) -> bool {
    let cause = match error {
        DbErr::ConnectionAcquire(_) => return true,
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause,
        _ => return false,
    };
    match &**cause {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing(&code)),
        _ => false,
    }
}

/// PostgreSQL has classes of five characters: 08 connection, 40 rollback, 53 resources, 55 locks,
/// 57 operator and time-out, 58 system. SQLite has numbers: busy, locked, I/O, full, cannot open.
fn is_passing(code: &str) -> bool {
    if code.len() == 5 {
        ["08", "40", "53", "55", "57", "58"]
            .iter()
            .any(|class| code.starts_with(class))
    } else {
        code.parse::<u32>()
            .is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
    }
}

/// Whether the database answers.
///
/// # Errors
/// The failure, when it does not.
pub async fn ping(database: &Database) -> Result<(), DbErr> {
    database
        .reader()
        .execute_unprepared("SELECT 1")
        .await
        .map(|_| ())
}
