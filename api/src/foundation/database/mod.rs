//! The two databases behind one handle: embedded SQLite, and PostgreSQL.

mod aside;
mod connection;
mod copy;
mod failure;
mod file;
mod lanes;
mod migrate;
mod options;
mod patience;
mod pool;
mod sent;
#[cfg(test)]
mod tests;
mod transaction;
mod turns;
mod writable;

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, Statement};
use uuid::Uuid;

use crate::foundation::config::Config;

pub use copy::{check_sqlite, copy_sqlite};
pub use failure::{is_read_only, is_unavailable};
pub(crate) use lanes::work_as;
pub(crate) use migrate::is_up_to_date;
pub use migrate::{migrate, migrate_down, one_at_a_time};
pub(crate) use patience::{of_a_request, of_each_statement};
pub use pool::Pool;
pub use transaction::Transaction;

use connection::Opener;
use file::OpenedFile;
use lanes::{Lane, Lanes};
use options::{FILE_PATIENCE, LOCK_PATIENCE, LONG_PATIENCE, postgres, sqlite};
use sent::Sent;
use turns::{Turn, Turns};

const BEGIN: &str = "BEGIN";

/// An open database. Writers and readers have connections of their own, so that writers who wait
/// for a booklet never keep readers waiting. On PostgreSQL each worker has its own as well. On
/// SQLite writers queue for one connection, for SQLite's own waiters are not fair.
#[derive(Clone, Debug)]
pub struct Database {
    lanes: Lanes,
    /// For what is made ready aside: where writers are not alone, one of theirs.
    aside: Pool,
    /// One at a time for each object that is written.
    objects: Arc<Turns>,
    sent: Arc<Sent>,
}

impl Database {
    /// Opens the database of the configuration, creating a SQLite file that is not there.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn open(config: &Config) -> Result<Self, DbErr> {
        let (sent, only_reads) = Default::default();
        let pool = |size, opener, may_write| Pool::of(size, opener, may_write, &sent, &only_reads);
        let size = config.pool_size();
        let (lanes, aside) = if config.is_sqlite() {
            let file = |patience| sqlite(config, patience).map(Opener::Sqlite);
            let readers = pool(size, file(LONG_PATIENCE)?, false)?;
            let mut writer = pool(1, file(FILE_PATIENCE)?, true)?;
            // Whoever comes first makes the file.
            writer.held().await?;
            writer.file = config.sqlite_path().and_then(OpenedFile::at).map(Arc::new);
            let once = Opener::SqliteOnce(options::sqlite_aside(config)?);
            let mut aside = pool(1, once, true)?;
            aside.file = writer.file.clone();
            (Lanes::one(Lane::of(readers, writer, 1)), aside)
        } else {
            let server = Opener::Postgres(postgres(config)?);
            let lane = |connections| {
                let readers = pool(connections, server.clone(), false)?;
                let writer = pool(connections, server.clone(), true)?;
                Ok::<_, DbErr>(Lane::of(readers, writer, connections))
            };
            let (rest, of_workers) = lanes::shares(size, config.workers());
            let mut lanes = Lanes::one(lane(rest)?);
            for connections in of_workers {
                lanes.of_workers.push(lane(connections)?);
            }
            let aside = lanes.shared.writer.clone();
            (lanes, aside)
        };
        lanes.shared.readers.held().await?;
        let database = Self {
            lanes,
            aside,
            objects: Arc::new(Turns::of(1)),
            sent,
        };
        if config.is_sqlite() && matches!(database.tries_to_write().await, Ok(false)) {
            tracing::warn!("the database only reads: every write will be refused");
        }
        Ok(database)
    }

    /// How many statements were sent since the start.
    #[must_use]
    pub fn statements(&self) -> u64 {
        self.sent.all()
    }

    /// How many statements were sent since the start that may have written something.
    #[must_use]
    pub fn writes(&self) -> u64 {
        self.sent.writes()
    }

    /// Shows each statement that is sent from now on, its values included: for tests, never for a log.
    pub fn show_statements(&self, reader: impl Fn(&Statement) + Send + Sync + 'static) {
        self.sent.show(reader);
    }

    /// For queries outside a transaction.
    #[must_use]
    pub fn reader(&self) -> &Pool {
        &self.lanes.here().readers
    }

    /// The connections of each pool: its name, how many are open, how many of these do nothing.
    pub(crate) fn connections(&self) -> [(&'static str, u32, usize); 2] {
        let of = |name, pool: fn(&Lane) -> &Pool| {
            let sizes = self.lanes.all().map(|lane| pool(lane).size());
            let (open, idle) = sizes.fold((0, 0), |all, one| (all.0 + one.0, all.1 + one.1));
            (name, open, idle)
        };
        [
            of("readers", |lane| &lane.readers),
            of("writers", |lane| &lane.writer),
        ]
    }

    /// For a single statement that writes.
    #[must_use]
    pub fn writer(&self) -> &Pool {
        &self.lanes.here().writer
    }

    /// Begins a writing transaction: on SQLite an immediate one, for a deferred one that reads
    /// before it writes fails at once under concurrency.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        self.begin_within(LOCK_PATIENCE).await
    }

    async fn begin_within(&self, patience: Duration) -> Result<Transaction, DbErr> {
        let writer = self.writer();
        let by = match writer.get_database_backend() {
            DbBackend::Sqlite => "BEGIN IMMEDIATE",
            _ => BEGIN,
        };
        writer.begin(by, patience).await
    }

    /// Begins a writing transaction once nobody else of this process writes this object, and the
    /// organization's others leave a connection. On SQLite, which has one, all queue for it. Who has
    /// waited here waits for a lock the less.
    ///
    /// # Errors
    /// When its turn does not come in time.
    pub async fn begin_in_turn(
        &self,
        object: Option<Uuid>,
        organization: Option<Uuid>,
    ) -> Result<Transaction, DbErr> {
        let backend = self.writer().get_database_backend();
        let (object, organization) = match backend {
            DbBackend::Sqlite => (None, Some(Uuid::nil())),
            _ => (object, organization),
        };
        let mut turns = Vec::new();
        let places = &self.lanes.here().places;
        for (queues, name) in [(&self.objects, object), (places, organization)] {
            if let Some(name) = name {
                turns.push(turn(queues, name).await?);
            }
        }
        let waited = turns.iter().map(|turn| turn.waited).sum();
        let rest = options::lock_patience_after(waited);
        let txn = match rest {
            Some(rest) if backend == DbBackend::Postgres => {
                let by = format!("{BEGIN}; SET LOCAL lock_timeout = {}", rest.as_millis());
                self.writer().begin(by, rest).await?
            }
            rest => self.begin_within(rest.unwrap_or(LOCK_PATIENCE)).await?,
        };
        Ok(txn.in_turn(turns))
    }

    /// A turn at what concerns this object, for what is done once for all who wait for it.
    ///
    /// # Errors
    /// When it does not come in time.
    pub(crate) async fn turn_of(&self, object: Uuid) -> Result<Turn, DbErr> {
        turn(&self.objects, object).await
    }

    /// Begins a transaction that only reads.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    pub async fn begin_to_read(&self) -> Result<Transaction, DbErr> {
        self.reader().begin(BEGIN, LOCK_PATIENCE).await
    }

    /// Closes all connections.
    ///
    /// # Errors
    /// When a connection cannot be closed in order.
    pub async fn close(self) -> Result<(), DbErr> {
        for Lane {
            readers, writer, ..
        } in self.lanes.all()
        {
            readers.close().await?;
            writer.close().await?;
        }
        Ok(())
    }
}

async fn turn(queues: &Turns, name: Uuid) -> Result<Turn, DbErr> {
    let late = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
    // What is waited here is taken from the request's time, as what a statement takes.
    let turn = patience::within(queues.take(name)).await;
    turn.flatten().ok_or(late)
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
