//! What sends statements: a pool, or a transaction. Each statement has a deadline of ours, for a
//! database that stalls keeps none of its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, Statement, TransactionOptions, TransactionTrait,
};

use super::doubt::Doubt;
use super::file::OpenedFile;
use super::turns::Turn;

/// Connections for statements that stand alone.
#[derive(Clone, Debug)]
pub struct Pool {
    pub(super) connections: DatabaseConnection,
    pub(super) doubt: Arc<Doubt>,
    /// What must be there for a write to be kept, on SQLite.
    pub(super) file: Option<Arc<OpenedFile>>,
}

impl Pool {
    /// Begins a transaction with these options.
    ///
    /// # Errors
    /// When no connection is to be had in time.
    pub(super) async fn begin(&self, options: TransactionOptions) -> Result<Transaction, DbErr> {
        is_there(self.file.as_deref())?;
        let begun = self.connections.begin_with_options(options);
        Ok(Transaction {
            txn: self.doubt.in_time(begun).await?,
            is_over: Arc::default(),
            doubt: self.doubt.clone(),
            file: self.file.clone(),
            turns: Vec::new(),
            instead_of: None,
        })
    }

    /// How many connections are open, and how many of these do nothing.
    pub(super) fn size(&self) -> (u32, usize) {
        if self.get_database_backend() == DbBackend::Sqlite {
            let pool = self.connections.get_sqlite_connection_pool();
            (pool.size(), pool.num_idle())
        } else {
            let pool = self.connections.get_postgres_connection_pool();
            (pool.size(), pool.num_idle())
        }
    }

    async fn alone<T>(&self, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        is_there(self.file.as_deref())?;
        let done = self.doubt.in_time(work).await?;
        is_there(self.file.as_deref())?;
        Ok(done)
    }
}

fn is_there(file: Option<&OpenedFile>) -> Result<(), DbErr> {
    file.map_or(Ok(()), OpenedFile::is_there)
}

#[async_trait::async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DbBackend {
        self.connections.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.alone(self.connections.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.alone(self.connections.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.alone(self.connections.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.alone(self.connections.query_all_raw(statement)).await
    }
}

/// A transaction that is kept whole or not at all. A statement that failed may have ended it
/// without a word: SQLite rolls back by itself when the disk is full or fails, and would keep every
/// later statement alone; PostgreSQL answers a COMMIT after a failure as if all was well, and has
/// kept nothing. So after a failure, or a statement that nobody waited for to the end, it takes no
/// statement any more and cannot be committed.
#[derive(Debug)]
pub struct Transaction {
    txn: DatabaseTransaction,
    is_over: Arc<AtomicBool>,
    doubt: Arc<Doubt>,
    file: Option<Arc<OpenedFile>>,
    /// What the next ones wait for until this is over.
    turns: Vec<Turn>,
    /// What has the connection that others would write on, while this one writes on its own.
    instead_of: Option<Box<Transaction>>,
}

impl Transaction {
    /// The same, during which others wait for their turns.
    pub(super) fn in_turn(mut self, turns: impl IntoIterator<Item = Turn>) -> Self {
        self.turns.extend(turns);
        for turn in &mut self.turns {
            turn.has_failed = self.is_over.clone();
        }
        self
    }

    /// The same, while nobody else has this other one.
    pub(super) fn instead_of(mut self, other: Self) -> Self {
        self.instead_of = Some(Box::new(other));
        self
    }

    /// Keeps what was done.
    ///
    /// # Errors
    /// When a statement failed or was given up before, or the database does not say that it kept it:
    /// after one that [is unavailable](super::is_unavailable) it may have, all the same.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.is_sound()?;
        self.doubt.in_time(self.txn.commit()).await?;
        is_there(self.file.as_deref())
    }

    /// Lets go of what was done, and waits until it is.
    ///
    /// # Errors
    /// When the database does not answer; nothing is kept then either.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.doubt.in_time(self.txn.rollback()).await
    }

    fn is_sound(&self) -> Result<(), DbErr> {
        if self.is_over.load(Ordering::Relaxed) {
            let why = "a statement of the transaction failed before: nothing of it is kept";
            return Err(DbErr::Custom(why.to_owned()));
        }
        Ok(())
    }

    async fn watch<T>(&self, work: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
        self.is_sound()?;
        let unless_done = Ends(&self.is_over);
        let done = self.doubt.in_time(work).await?;
        std::mem::forget(unless_done);
        Ok(done)
    }
}

/// Dropped, it says that the transaction is over.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.txn.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.watch(self.txn.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.watch(self.txn.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.watch(self.txn.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.watch(self.txn.query_all_raw(statement)).await
    }
}
