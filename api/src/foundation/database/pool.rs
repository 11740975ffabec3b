//! Connections that are kept open, for statements that stand alone and for transactions. Each statement has
//! a deadline of ours, for a database that stalls keeps none of its own.
//!
//! Not the pool of the libraries: that one asks each connection that comes back whether it is still there,
//! which costs as much as a statement.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use deadpool::Runtime;
use deadpool::managed::{self, PoolError, QueueMode};
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement, Values,
};

use super::connection::{Answer, Held, Opener, failed};
use super::failure::is_read_only;
use super::file::OpenedFile;
use super::patience;
use super::sent::Sent;
use super::transaction::Transaction;
use super::writable::OnlyReads;

/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// Connections of one kind.
#[derive(Clone, Debug)]
pub struct Pool {
    connections: managed::Pool<Opener>,
    sent: Arc<Sent>,
    may_write: bool,
    pub(super) only_reads: Arc<OnlyReads>,
    /// What must be there for a write to be kept, on SQLite.
    pub(super) file: Option<Arc<OpenedFile>>,
}

impl Pool {
    /// So many at most, none of which is open yet.
    ///
    /// # Errors
    /// Never: what it is made of is complete.
    pub(super) fn of(
        size: u32,
        opener: Opener,
        may_write: bool,
        sent: &Arc<Sent>,
        only_reads: &Arc<OnlyReads>,
    ) -> Result<Self, DbErr> {
        let connections = managed::Pool::builder(opener)
            .max_size(size as usize)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(PATIENCE))
            .create_timeout(Some(PATIENCE))
            // The one that was used last has everything at hand.
            .queue_mode(QueueMode::Lifo)
            .build();
        Ok(Self {
            connections: connections.map_err(|error| DbErr::Custom(error.to_string()))?,
            sent: sent.clone(),
            may_write,
            only_reads: only_reads.clone(),
            file: None,
        })
    }

    /// Begins a transaction by this statement, for which SQLite's file is waited for no longer than `patience`.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    pub(super) async fn begin(
        &self,
        by: impl Into<Cow<'static, str>>,
        patience: Duration,
    ) -> Result<Transaction, DbErr> {
        self.is_there()?;
        Transaction::begin(self.clone(), by.into(), patience).await
    }

    /// A connection.
    ///
    /// # Errors
    /// When none is to be had in time.
    pub(super) async fn held(&self) -> Result<Held, DbErr> {
        match self.connections.get().await {
            Ok(connection) => Ok(Held::new(connection)),
            Err(PoolError::Backend(error)) => {
                Err(DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))
            }
            Err(PoolError::Closed) => Err(failed(sqlx::Error::PoolClosed)),
            Err(_) => Err(late()),
        }
    }

    /// Waits for an answer of the database, and no longer than may be waited.
    ///
    /// # Errors
    /// [`DbErr::ConnectionAcquire`] when it is late, or what the work itself fails with.
    pub(super) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        let done = patience::within(work).await.unwrap_or(Err(late()));
        if done.as_ref().is_err_and(is_read_only) {
            self.only_reads.note(true);
        }
        done
    }

    /// How many connections are open, and how many of these do nothing.
    pub(super) fn size(&self) -> (u32, usize) {
        let status = self.connections.status();
        (
            u32::try_from(status.size).unwrap_or(u32::MAX),
            status.available,
        )
    }

    /// Notes a statement that is sent.
    pub(super) fn counts(&self, statement: &Statement) {
        self.sent.count(statement, self.may_write);
    }

    /// Whether the file of what is written is where it was.
    ///
    /// # Errors
    /// When it is not.
    pub(super) fn is_there(&self) -> Result<(), DbErr> {
        self.file.as_deref().map_or(Ok(()), OpenedFile::is_there)
    }

    /// Closes all connections that do nothing; the others are closed by who has them.
    ///
    /// # Errors
    /// When a connection cannot be closed in order.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        let idle = self.connections.retain(|_, _| false).removed;
        self.connections.close();
        for connection in idle {
            connection.close().await.map_err(failed)?;
        }
        Ok(())
    }

    async fn alone(&self, sql: String, values: Option<Values>) -> Result<Answer, DbErr> {
        self.is_there()?;
        let asked = async { self.held().await?.send(sql, values, false).await };
        let answer = self.in_time(asked).await?;
        self.is_there()?;
        Ok(answer)
    }

    async fn prepared(&self, statement: Statement) -> Result<Answer, DbErr> {
        self.counts(&statement);
        let values = statement.values.unwrap_or(Values(Vec::new()));
        self.alone(statement.sql, Some(values)).await
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DbBackend {
        match self.connections.manager() {
            Opener::Sqlite(_) | Opener::SqliteOnce(_) => DbBackend::Sqlite,
            Opener::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        Ok(self.prepared(statement).await?.done)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        Ok(self.alone(sql.to_owned(), None).await?.done)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.prepared(statement).await?.rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Ok(self.prepared(statement).await?.rows)
    }
}

/// There is no connection, or no answer, in time.
pub(super) fn late() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
}
