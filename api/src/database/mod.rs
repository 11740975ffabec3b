//! The two databases behind one handle: embedded SQLite, and PostgreSQL.

mod connection;
mod doubt;
mod failure;
pub(crate) mod lane;
mod migrate;
mod options;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, DbBackend, DbErr, SqliteTransactionMode, TransactionOptions,
};

use crate::config::Config;

pub use connection::{Pool, Transaction};
pub use failure::is_unavailable;
pub use migrate::{migrate, migrate_down};

use connection::Counters;
use doubt::Doubt;
use options::{postgres, sqlite};

/// How long a writer waits for its turn before it is told to come back.
const WRITER_PATIENCE: Duration = Duration::from_secs(4);

/// An open database. Writers and readers have connections of their own, so that writers who wait
/// for a booklet never keep readers waiting. On SQLite writers queue for one connection, for
/// SQLite's own waiters are not fair.
#[derive(Clone, Debug)]
pub struct Database {
    readers: Pool,
    writer: Pool,
    statements: Arc<AtomicU64>,
    writes: Arc<AtomicU64>,
}

impl Database {
    /// Opens the database of the configuration, creating a SQLite file that is not there.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn open(config: &Config) -> Result<Self, DbErr> {
        let statements = Arc::new(AtomicU64::new(0));
        let writes = Arc::new(AtomicU64::new(0));
        let doubt = Arc::new(Doubt::none());
        let counters = |is_writer: bool| Counters {
            statements: statements.clone(),
            writes: is_writer.then(|| writes.clone()),
        };
        let (readers, writer) = if config.is_sqlite() {
            let readers = vec![sqlite(config, config.pool_size())];
            let readers = Pool::open(readers, counters(false), &doubt).await?;
            let writer = vec![sqlite(config, 1)];
            (readers, Pool::open(writer, counters(true), &doubt).await?)
        } else {
            let readers = per_worker(config, &doubt);
            let readers = Pool::open(readers, counters(false), &doubt).await?;
            let mut writers = per_worker(config, &doubt);
            for options in &mut writers {
                options.acquire_timeout(WRITER_PATIENCE);
            }
            (readers, Pool::open(writers, counters(true), &doubt).await?)
        };
        Ok(Self {
            readers,
            writer,
            statements,
            writes,
        })
    }

    /// How many statements were sent since the start.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// How many statements were sent since the start that may have written something.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    /// For queries outside a transaction.
    #[must_use]
    pub fn reader(&self) -> &Pool {
        &self.readers
    }

    /// For a single statement that writes.
    #[must_use]
    pub fn writer(&self) -> &Pool {
        &self.writer
    }

    /// Begins a writing transaction: on SQLite an immediate one, for a deferred one that reads
    /// before it writes fails at once under concurrency.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writer.begin(immediate).await
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    pub async fn begin_to_read(&self) -> Result<Transaction, DbErr> {
        self.readers.begin(TransactionOptions::default()).await
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

/// What all share, and what each worker has of its own, opened when it is needed.
fn per_worker(config: &Config, doubt: &Arc<Doubt>) -> Vec<ConnectOptions> {
    let workers = u32::try_from(config.workers()).unwrap_or(1).max(1);
    let lanes = (0..workers).map(|_| {
        let mut lane = postgres(config, config.pool_size().div_ceil(workers), doubt);
        lane.connect_lazy(true);
        lane
    });
    let shared = postgres(config, config.pool_size(), doubt);
    std::iter::once(shared).chain(lanes).collect()
}

/// Has PostgreSQL plan the queries of this transaction by their values. A plan that it keeps is one of
/// when a table was small, which takes long once a file has filled it.
///
/// # Errors
/// When the database does not answer.
pub async fn plan_by_values(txn: &Transaction) -> Result<(), DbErr> {
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared("SET LOCAL plan_cache_mode = force_custom_plan")
            .await?;
    }
    Ok(())
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
