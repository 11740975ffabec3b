//! A transaction that is kept whole or not at all.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, Values};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::connection::{Answer, Held};
use super::failure::is_locked;
use super::pool::{Pool, late};
use super::turns::Turn;

/// A transaction. A statement that failed may have ended it without a word: SQLite rolls back by itself when
/// the disk is full or fails, and would keep every later statement alone; PostgreSQL answers a COMMIT after a
/// failure as if all was well, and has kept nothing. So after a failure, or a statement that nobody waited for
/// to the end, it takes no statement any more and cannot be committed.
#[derive(Debug)]
pub struct Transaction {
    pool: Pool,
    begun: Mutex<Begun>,
    is_over: Arc<AtomicBool>,
    /// How long another program that has SQLite's file is waited for.
    patience: Duration,
    /// What the next ones wait for until this is over.
    turns: Vec<Turn>,
    /// What has the connection that others would write on, while this one writes on its own.
    instead_of: Option<Box<Transaction>>,
}

/// Where it takes place.
#[derive(Debug)]
struct Begun {
    held: Option<Held>,
    /// What goes before its first statement, in one message: on SQLite each message and its answer wake two threads,
    /// which takes longer than most statements do.
    by: Option<Cow<'static, str>>,
}

impl Begun {
    fn held(&mut self) -> Result<&mut Held, DbErr> {
        self.held.as_mut().ok_or_else(late)
    }
}

impl Transaction {
    /// Begins by this statement: on PostgreSQL at once. SQLite's connection, and its file that another program has, are
    /// waited for no longer than `patience`.
    pub(super) async fn begin(
        pool: Pool,
        by: Cow<'static, str>,
        patience: Duration,
    ) -> Result<Self, DbErr> {
        let is_postgres = pool.get_database_backend() == DbBackend::Postgres;
        let came = Instant::now();
        let begun = async {
            if is_postgres {
                let mut held = pool.held().await?;
                held.send(by.to_string(), None, true).await?;
                return Ok(Some(held));
            }
            let held = timeout(patience, pool.held()).await;
            held.unwrap_or(Err(late())).map(Some)
        };
        let held = pool.in_time(begun).await?;
        let begun = Mutex::new(Begun {
            held,
            by: (!is_postgres).then_some(by),
        });
        Ok(Self {
            pool,
            begun,
            is_over: Arc::default(),
            patience: patience.saturating_sub(came.elapsed()),
            turns: Vec::new(),
            instead_of: None,
        })
    }

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
        self.end("COMMIT").await?;
        self.pool.is_there()
    }

    /// Lets go of what was done, and waits until it is.
    ///
    /// # Errors
    /// When the database does not answer; nothing is kept then either.
    pub async fn rollback(self) -> Result<(), DbErr> {
        self.end("ROLLBACK").await
    }

    async fn end(&self, by: &str) -> Result<(), DbErr> {
        let ended = async {
            let mut begun = self.begun.lock().await;
            if begun.by.is_none() {
                begun.held()?.send(by.to_owned(), None, false).await?;
            }
            Ok(())
        };
        self.pool.in_time(ended).await
    }

    fn is_sound(&self) -> Result<(), DbErr> {
        if self.is_over.load(Ordering::Relaxed) {
            let why = "a statement of the transaction failed before: nothing of it is kept";
            return Err(DbErr::Custom(why.to_owned()));
        }
        Ok(())
    }

    async fn send(&self, sql: String, values: Option<Values>) -> Result<Answer, DbErr> {
        self.is_sound()?;
        let unless_done = Ends(&self.is_over);
        let sent = async {
            let mut begun = self.begun.lock().await;
            match begun.by.take() {
                Some(by) => {
                    self.begin_by(&mut begun, &format!("{by}; {sql}"), values)
                        .await
                }
                None => begun.held()?.send(sql, values, true).await,
            }
        };
        let answer = self.pool.in_time(sent).await?;
        std::mem::forget(unless_done);
        Ok(answer)
    }

    /// Another program may have SQLite's file for a moment. Whoever waits for it lets go of the one connection
    /// now and then, so that all who need it are answered in their time.
    async fn begin_by(
        &self,
        begun: &mut Begun,
        sql: &str,
        values: Option<Values>,
    ) -> Result<Answer, DbErr> {
        let tried = async {
            loop {
                let sent = begun.held()?.send(sql.to_owned(), values.clone(), true);
                match sent.await {
                    Err(error) if is_locked(&error) => {
                        drop(begun.held.take());
                        begun.held = Some(self.pool.held().await?);
                    }
                    answer => return answer,
                }
            }
        };
        let tried = timeout(self.patience, tried).await;
        tried.unwrap_or(Err(late()))
    }

    async fn prepared(&self, statement: Statement) -> Result<Answer, DbErr> {
        self.pool.counts(&statement);
        let values = statement.values.unwrap_or(Values(Vec::new()));
        self.send(statement.sql, Some(values)).await
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
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        Ok(self.prepared(statement).await?.done)
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        Ok(self.send(sql.to_owned(), None).await?.done)
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.prepared(statement).await?.rows.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        Ok(self.prepared(statement).await?.rows)
    }
}
