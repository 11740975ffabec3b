//! One connection to either database, how it is opened, and how statements go over it.

use std::sync::Arc;
use std::time::Duration;

use deadpool::managed::{Manager, Metrics, Object, RecycleError, RecycleResult};
use futures_util::TryStreamExt;
use sea_orm::{DbErr, ExecResult, QueryResult, RuntimeErr, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::error::DatabaseError;
use sqlx::postgres::{PgConnectOptions, PgDatabaseError, PgQueryResult, PgSeverity};
use sqlx::sqlite::{SqliteConnectOptions, SqliteQueryResult};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection as _, Either, Executor, PgConnection,
    SqliteConnection, query_with, raw_sql,
};
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep, timeout};

/// How long a connection whose last statement nobody waited for may take to say that nothing is open on it.
const PATIENCE: Duration = Duration::from_secs(1);
/// How soon a server that refuses connections, as one that is just starting does, is asked again,
const AGAIN: Duration = Duration::from_millis(50);
/// and for how long: then it is told why there is none.
const ASKED: Duration = Duration::from_millis(1500);
/// How old a connection to a server becomes: what a process of PostgreSQL keeps of each statement goes with it.
const OLDEST: Duration = Duration::from_secs(1800);
/// How long it may have been idle: what is between us and the server forgets such connections without a word.
const IDLE: Duration = Duration::from_secs(300);

/// Where connections lead.
#[derive(Clone, Debug)]
pub(super) enum Opener {
    /// To a file.
    Sqlite(SqliteConnectOptions),
    /// To a file, each time anew: what is temporary goes with the connection.
    SqliteOnce(SqliteConnectOptions),
    /// To a server.
    Postgres(PgConnectOptions),
}

/// An open connection.
#[derive(Debug)]
pub(super) enum Connection {
    Sqlite(Box<SqliteConnection>),
    Postgres(Box<PgConnection>),
}

impl Manager for Opener {
    type Type = Connection;
    type Error = sqlx::Error;

    /// Boxed inside, for all who want a connection carry room for what opens one.
    async fn create(&self) -> Result<Connection, sqlx::Error> {
        match self {
            Self::Sqlite(file) | Self::SqliteOnce(file) => {
                let opened = Box::pin(file.connect()).await?;
                Ok(Connection::Sqlite(Box::new(opened)))
            }
            Self::Postgres(server) => {
                let until = Instant::now() + ASKED;
                loop {
                    match Box::pin(server.connect()).await {
                        Err(error) if is_starting(&error) && Instant::now() < until => {
                            sleep(AGAIN).await;
                        }
                        opened => return Ok(Connection::Postgres(Box::new(opened?))),
                    }
                }
            }
        }
    }

    /// Whether it may be used again. Nothing is asked of it: whoever leaves something open on it does not give it back.
    async fn recycle(&self, _: &mut Connection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        let is_kept = match self {
            Self::Sqlite(_) | Self::SqliteOnce(_) => true,
            Self::Postgres(_) => metrics.age() < OLDEST && metrics.last_used() < IDLE,
        };
        is_kept
            .then_some(())
            .ok_or(RecycleError::message("used up"))
    }
}

/// Whether the server may take connections a moment later.
fn is_starting(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    // PostgreSQL's cannot_connect_now.
    matches!(error, sqlx::Error::Io(_)) || code.as_deref() == Some("57P03")
}

/// What was answered to a statement.
pub(super) struct Answer {
    pub(super) rows: Vec<QueryResult>,
    pub(super) done: ExecResult,
}

/// Reads all that is answered by this kind of database.
macro_rules! all_of {
    ($answers:expr, $done:ty) => {{
        let mut answers = $answers;
        let (mut rows, mut done) = (Vec::new(), <$done>::default());
        while let Some(answer) = answers.try_next().await? {
            match answer {
                // Of several statements the last one counts: SQLite tells of BEGIN what the one before it did.
                Either::Left(one) => done = one,
                Either::Right(row) => rows.push(row.into()),
            }
        }
        Ok(Answer {
            rows,
            done: done.into(),
        })
    }};
}

impl Connection {
    /// Sends a statement, prepared where it has values, which may be none; else one or several as they are.
    async fn send(&mut self, sql: String, values: Option<Values>) -> Result<Answer, sqlx::Error> {
        let sql = AssertSqlSafe(sql);
        match (self, values.map(SqlxValues)) {
            (Self::Sqlite(file), Some(values)) => {
                all_of!(file.fetch_many(query_with(sql, values)), SqliteQueryResult)
            }
            (Self::Sqlite(file), None) => all_of!(file.fetch_many(raw_sql(sql)), SqliteQueryResult),
            (Self::Postgres(server), Some(values)) => {
                all_of!(server.fetch_many(query_with(sql, values)), PgQueryResult)
            }
            (Self::Postgres(server), None) => {
                all_of!(server.fetch_many(raw_sql(sql)), PgQueryResult)
            }
        }
    }

    pub(super) async fn close(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(file) => file.close().await,
            Self::Postgres(server) => server.close().await,
        }
    }

    /// Ends whatever is open on it. SQLite takes it ill when nothing is.
    async fn roll_back(&mut self) -> Result<(), sqlx::Error> {
        match self.send("ROLLBACK".to_owned(), None).await {
            Err(sqlx::Error::Database(_)) if matches!(self, Self::Sqlite(_)) => Ok(()),
            done => done.map(|_| ()),
        }
    }
}

/// A connection that somebody has to themselves until it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    connection: Option<Object<Opener>>,
    /// Whether something may be open on it: a transaction, or a statement whose end was not waited for.
    is_open: bool,
}

impl Held {
    pub(super) fn new(connection: Object<Opener>) -> Self {
        Self {
            connection: Some(connection),
            is_open: false,
        }
    }

    /// Sends a statement, or without values one or several as they are. Afterwards something is open on the
    /// connection if that was `within` a transaction.
    ///
    /// # Errors
    /// What the database says, or that it says nothing.
    pub(super) async fn send(
        &mut self,
        sql: String,
        values: Option<Values>,
        within: bool,
    ) -> Result<Answer, DbErr> {
        let connection = self.connection.as_mut();
        let connection = connection.ok_or_else(|| failed(sqlx::Error::PoolClosed))?;
        self.is_open = true;
        let answer = connection.send(sql, values).await;
        self.is_open = within || answer.as_ref().is_err_and(ends_the_connection);
        answer.map_err(failed)
    }
}

/// What may be open on it is ended before anybody else has it; when that fails, nobody has.
impl Drop for Held {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        let pool = Object::pool(&connection);
        if pool.is_none_or(|pool| matches!(pool.manager(), Opener::SqliteOnce(_))) {
            drop(Object::take(connection));
        } else if self.is_open {
            let Ok(runtime) = Handle::try_current() else {
                drop(Object::take(connection));
                return;
            };
            let mut ending = Ending(Some(connection));
            runtime.spawn(async move {
                if let Some(connection) = &mut ending.0
                    && let Ok(Ok(())) = timeout(PATIENCE, connection.roll_back()).await
                {
                    // It goes back to the others.
                    drop(ending.0.take());
                }
            });
        }
    }
}

/// What is open on it is being ended. When that fails, or its runtime stops meanwhile, nobody has it again.
struct Ending(Option<Object<Opener>>);

impl Drop for Ending {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}

/// Whether nothing more can be sent after it; or who knows.
fn ends_the_connection(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else {
        return true;
    };
    let error = error.try_downcast_ref::<PgDatabaseError>();
    let severity = error.map(PgDatabaseError::severity);
    matches!(severity, Some(PgSeverity::Fatal | PgSeverity::Panic))
}

pub(super) fn failed(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}
