//! The two databases behind one handle: embedded SQLite, and PostgreSQL.

mod aside;
mod connection;
mod copy;
mod doubt;
mod failure;
mod file;
mod lanes;
mod migrate;
mod options;
mod patience;
mod sent;
#[cfg(test)]
mod tests;
mod turns;
mod writable;

use std::sync::Arc;
use std::time::Duration;

use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, SqliteTransactionMode, Statement,
    TransactionOptions,
};
use tokio::time::timeout;
use uuid::Uuid;

use crate::foundation::config::Config;

pub use connection::{Pool, Transaction};
pub use copy::{check_sqlite, copy_sqlite};
pub use failure::{is_read_only, is_unavailable};
pub(crate) use lanes::work_as;
pub(crate) use migrate::is_up_to_date;
pub use migrate::{migrate, migrate_down, one_at_a_time};
pub(crate) use patience::{of_a_request, of_each_statement};

use doubt::Doubt;
use failure::is_locked;
use file::OpenedFile;
use lanes::{Lane, Lanes};
use options::{FILE_PATIENCE, LONG_PATIENCE, postgres, sqlite};
use sent::Sent;
use turns::{Turn, Turns};

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
        let sent = Arc::new(Sent::default());
        let doubt = Arc::new(Doubt::none());
        let open = async |options, may_write: bool| -> Result<Pool, DbErr> {
            let mut connections = sea_orm::Database::connect(options).await?;
            let sent = sent.clone();
            connections.set_metric_callback(move |told| sent.count(told.statement, may_write));
            Ok(Pool {
                connections,
                doubt: doubt.clone(),
                file: None,
            })
        };
        let size = config.pool_size();
        let (lanes, aside) = if config.is_sqlite() {
            let readers = open(sqlite(config, size, LONG_PATIENCE), false).await?;
            let mut writer = open(sqlite(config, 1, FILE_PATIENCE), true).await?;
            let file = config.sqlite_path().and_then(OpenedFile::at);
            writer.file = file.map(Arc::new);
            let mut aside = open(options::sqlite_aside(config), true).await?;
            aside.file = writer.file.clone();
            (Lanes::one(Lane::of(readers, writer, 1)), aside)
        } else {
            let lane = async |connections, may_wait| {
                let mut options = postgres(config, connections, &doubt);
                options.connect_lazy(may_wait);
                let readers = open(options.clone(), false).await?;
                let writer = open(options, true).await?;
                Ok::<_, DbErr>(Lane::of(readers, writer, connections))
            };
            let (rest, of_workers) = lanes::shares(size, config.workers());
            let mut lanes = Lanes::one(lane(rest, false).await?);
            for connections in of_workers {
                lanes.of_workers.push(lane(connections, true).await?);
            }
            let aside = lanes.shared.writer.clone();
            (lanes, aside)
        };
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
        self.begin_within(options::LOCK_PATIENCE).await
    }

    /// SQLite's file may be another program's for a moment. Whoever waits for it lets go of the one
    /// connection now and then, so that all who need it are answered in their time.
    async fn begin_within(&self, patience: Duration) -> Result<Transaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let writer = self.writer();
        if writer.get_database_backend() == DbBackend::Postgres {
            return writer.begin(options).await;
        }
        let tried = async {
            loop {
                match writer.begin(options).await {
                    Err(error) if is_locked(&error) => {}
                    done => return done,
                }
            }
        };
        let late = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        timeout(patience, tried).await.unwrap_or(Err(late))
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
        let (object, organization) = match self.writer().get_database_backend() {
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
        let patience = rest.unwrap_or(options::LOCK_PATIENCE);
        let txn = self.begin_within(patience).await?.in_turn(turns);
        if let Some(rest) = rest
            && txn.get_database_backend() == DbBackend::Postgres
        {
            let rest = format!("SET LOCAL lock_timeout = {}", rest.as_millis());
            txn.execute_unprepared(&rest).await?;
        }
        Ok(txn)
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
        self.reader().begin(TransactionOptions::default()).await
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
            readers.connections.close_by_ref().await?;
            writer.connections.close_by_ref().await?;
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
