//! How connections are opened, and which are not used again.

use std::sync::Arc;
use std::time::Duration;

use sea_orm::ConnectOptions;
use secrecy::ExposeSecret;
use sqlx::Connection;
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};

use super::doubt::Doubt;
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
/// Temporary tables on the disk; and 32 MiB for the pages of the indexes that many rows go into, which are
/// read and written over and over else.
const ASIDE: &[(&str, &str)] = &[("temp_store", "file"), ("cache_size", "-32768")];

pub(super) fn sqlite(config: &Config, connections: u32, patience: Duration) -> ConnectOptions {
    sqlite_with(config, connections, patience, &[("temp_store", "memory")])
}

/// For what is made ready aside: each time another connection, whose temporary tables are on the disk and
/// go with it.
pub(super) fn sqlite_aside(config: &Config) -> ConnectOptions {
    let mut options = sqlite_with(config, 1, LONG_PATIENCE, ASIDE);
    options
        .connect_lazy(true)
        .map_sqlx_sqlite_pool_opts(|pool| {
            pool.min_connections(0)
                .after_release(|_, _| Box::pin(async { Ok(false) }))
        });
    options
}

fn sqlite_with(
    config: &Config,
    connections: u32,
    patience: Duration,
    pragmas: &'static [(&'static str, &'static str)],
) -> ConnectOptions {
    let synchronous = config.sqlite_synchronous;
    let mut options = options(config, connections);
    // SQLite rolls back by itself when the disk is full or fails. The ROLLBACK that follows is an
    // error then, and sqlx believes ever after that a transaction is open: what it begins is a
    // savepoint, and nothing is kept any more.
    options.map_sqlx_sqlite_pool_opts(|pool| {
        pool.before_acquire(|connection, _| {
            let is_sound = !connection.is_in_transaction();
            Box::pin(async move { Ok(is_sound) })
        })
    });
    options.map_sqlx_sqlite_opts(move |sqlite| {
        let sqlite = sqlite
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::from(synchronous))
            .busy_timeout(patience)
            // A page of rows comes whole, not row by row.
            .row_buffer_size(500)
            // Bytes of the log that stay on the disk once a long reader is gone.
            .pragma("journal_size_limit", "16777216");
        pragmas
            .iter()
            .fold(sqlite, |sqlite, (name, value)| sqlite.pragma(*name, *value))
    });
    options
}

pub(super) fn postgres(config: &Config, connections: u32, doubt: &Arc<Doubt>) -> ConnectOptions {
    let mut options = options(config, connections);
    let lock_patience = format!("{}ms", LOCK_PATIENCE.as_millis());
    options
        // Before we give up ourselves: the connection stays whole then.
        .statement_timeout(Duration::from_secs(4))
        .map_sqlx_postgres_opts(move |postgres| {
            postgres.options([
                ("lock_timeout", lock_patience.as_str()),
                ("idle_in_transaction_session_timeout", "10s"),
                ("timezone", "UTC"),
                // A ROLLBACK where nothing is open is asked for on purpose.
                ("client_min_messages", "error"),
            ])
        });
    let doubt = doubt.clone();
    options.map_sqlx_postgres_pool_opts(move |pool| {
        let doubt = doubt.clone();
        pool.after_release(move |connection, _| {
            let doubt = doubt.clone();
            Box::pin(async move { doubt.settle(connection).await })
        })
    });
    options
}

/// How long a lock may still be waited for after so long a wait; nothing where that makes no difference.
pub(super) fn lock_patience_after(waited: Duration) -> Option<Duration> {
    let rest = LOCK_PATIENCE.saturating_sub(waited).max(LAST_PATIENCE);
    (waited > NO_WAIT).then_some(rest)
}

fn options(config: &Config, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(config.database_url.expose_secret());
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(2))
        .test_before_acquire(false)
        .sqlx_logging(false);
    options
}
