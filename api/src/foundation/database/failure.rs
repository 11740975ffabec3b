//! What a failure of the database means for who asked.

use sea_orm::{DbErr, RuntimeErr};

/// Whether a failed query may succeed a little later: the database is away, full, or busy.
#[must_use]
pub fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(RuntimeErr::Internal(_)) => true,
        _ => match cause(error) {
            Some(
                sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::BeginFailed
                | sqlx::Error::WorkerCrashed,
            ) => true,
            _ => code(error).is_some_and(|code| is_passing(&code)),
        },
    }
}

/// Whether the database reads, but takes no writes for now: a standby, a file system that became
/// read-only after a fault of the disk, an operator who said so.
#[must_use]
pub fn is_read_only(error: &DbErr) -> bool {
    // PostgreSQL's read_only_sql_transaction, SQLite's SQLITE_READONLY with what refines it.
    code(error).is_some_and(|code| code == "25006" || number(&code) == Some(8))
}

/// Whether another program has SQLite's file for now (`SQLITE_BUSY`).
pub(super) fn is_locked(error: &DbErr) -> bool {
    code(error).is_some_and(|code| number(&code) == Some(5))
}

fn cause(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => Some(cause),
        _ => None,
    }
}

fn code(error: &DbErr) -> Option<String> {
    let code = cause(error)?.as_database_error()?.code()?;
    Some(code.into_owned())
}

/// PostgreSQL has classes of five characters: 08 connection, 40 rollback, 53 resources, 55 locks,
/// 57 operator and time-out, 58 system. SQLite has numbers: busy, locked, I/O, full, cannot open.
fn is_passing(code: &str) -> bool {
    match number(code) {
        Some(number) => matches!(number, 5 | 6 | 10 | 13 | 14),
        None => ["08", "40", "53", "55", "57", "58"]
            .iter()
            .any(|class| code.starts_with(class)),
    }
}

/// SQLite's primary result code; the rest of the number refines it. PostgreSQL's have five characters.
fn number(code: &str) -> Option<u32> {
    let number = (code.len() < 5).then(|| code.parse::<u32>().ok());
    number.flatten().map(|number| number & 0xff)
}
