//! How connections are opened.

use std::str::FromStr;
use std::time::Duration;

use sea_orm::{ConnectOptions, DbErr, RuntimeErr};
use secrecy::ExposeSecret;
use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use crate::foundation::config::Config;

/// How long a writer waits for what somebody else has locked, a row or SQLite's file: its turn included,
/// it is answered within two seconds.
pub(super) const LOCK_PATIENCE: Duration = Duration::from_millis(1800);
/// At the least, after a long wait for its turn.
const LAST_PATIENCE: Duration = Duration::from_millis(300);
/// A wait that is none.
const NO_WAIT: Duration = Duration::from_millis(50);
/// How long SQLite's one connection for writing is kept by somebody who waits for a file that another
/// program has locked, until the next who needs it has a turn.
pub(super) const FILE_PATIENCE: Duration = Duration::from_millis(600);
/// The same for those whom no caller waits for: readers, whom hardly anything locks out, and migrations.
pub(super) const LONG_PATIENCE: Duration = Duration::from_secs(5);
/// How long a statement may take on PostgreSQL. Before we give up ourselves: the connection stays whole then.
const STATEMENT: Duration = Duration::from_secs(4);
/// How long a connection for what stands beside the service is waited for.
const ALONE: Duration = Duration::from_secs(2);
/// How long a statement of a migration may take.
const MIGRATION: Duration = Duration::from_secs(600);

/// SQLite's file.
///
/// # Errors
/// When the address is none.
pub(super) fn sqlite(config: &Config, patience: Duration) -> Result<SqliteConnectOptions, DbErr> {
    Ok(file(config, patience)?.pragma("temp_store", "memory"))
}

/// For what is made ready aside: temporary tables on the disk; and 32 MiB for the pages of the indexes that
/// many rows go into, which are read and written over and over else.
///
/// # Errors
/// When the address is none.
pub(super) fn sqlite_aside(config: &Config) -> Result<SqliteConnectOptions, DbErr> {
    let file = file(config, LONG_PATIENCE)?;
    Ok(file
        .pragma("temp_store", "file")
        .pragma("cache_size", "-32768"))
}

fn file(config: &Config, patience: Duration) -> Result<SqliteConnectOptions, DbErr> {
    let address = config.database_url.expose_secret();
    let file = SqliteConnectOptions::from_str(address).map_err(misread)?;
    let synchronous = config.sqlite_synchronous;
    Ok(file
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::from(synchronous))
        .busy_timeout(patience)
        // A page of rows comes whole, not row by row.
        .row_buffer_size(500)
        // Bytes of the log that stay on the disk once a long reader is gone.
        .pragma("journal_size_limit", "16777216")
        .disable_statement_logging())
}

/// PostgreSQL's server.
///
/// # Errors
/// When the address is none.
pub(super) fn postgres(config: &Config) -> Result<PgConnectOptions, DbErr> {
    server(config, STATEMENT)
}

fn server(config: &Config, patience: Duration) -> Result<PgConnectOptions, DbErr> {
    let address = config.database_url.expose_secret();
    let server = PgConnectOptions::from_str(address).map_err(misread)?;
    let milliseconds = |duration: Duration| format!("{}ms", duration.as_millis());
    let settings = [
        ("statement_timeout", milliseconds(patience)),
        ("lock_timeout", milliseconds(LOCK_PATIENCE)),
        ("idle_in_transaction_session_timeout", "10s".to_owned()),
        ("timezone", "UTC".to_owned()),
        // A ROLLBACK where nothing is open is asked for on purpose.
        ("client_min_messages", "error".to_owned()),
    ];
    Ok(server.options(settings).disable_statement_logging())
}

/// For migrations and what stands beside the service: one connection, by the library's own pool.
///
/// # Errors
/// When the address is none.
pub(super) fn alone(config: &Config) -> Result<ConnectOptions, DbErr> {
    let mut alone = ConnectOptions::new(config.database_url.expose_secret());
    alone
        .max_connections(1)
        .acquire_timeout(ALONE)
        .test_before_acquire(false);
    if config.is_sqlite() {
        let file = sqlite(config, LONG_PATIENCE)?;
        alone.map_sqlx_sqlite_opts(move |_| file.clone());
    } else {
        let server = server(config, MIGRATION)?;
        alone.map_sqlx_postgres_opts(move |_| server.clone());
    }
    Ok(alone)
}

/// How long a lock may still be waited for after so long a wait; nothing where that makes no difference.
pub(super) fn lock_patience_after(waited: Duration) -> Option<Duration> {
    let rest = LOCK_PATIENCE.saturating_sub(waited).max(LAST_PATIENCE);
    (waited > NO_WAIT).then_some(rest)
}

fn misread(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}
