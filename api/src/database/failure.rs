//! What a failure of the database means for who asked.

use sea_orm::{DbErr, RuntimeErr};

/// Whether a failed query may succeed a little later: the database is away, full, or busy.
#[must_use]
pub fn is_unavailable(error: &DbErr) -> bool {
    let cause = match error {
        DbErr::ConnectionAcquire(_) => return true,
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause,
        _ => return false,
    };
    match &**cause {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_passing(&code)),
        _ => false,
    }
}

/// PostgreSQL has classes of five characters: 08 connection, 40 rollback, 53 resources, 55 locks,
/// 57 operator and time-out, 58 system. SQLite has numbers: busy, locked, I/O, full, cannot open.
fn is_passing(code: &str) -> bool {
    if code.len() == 5 {
        ["08", "40", "53", "55", "57", "58"]
            .iter()
            .any(|class| code.starts_with(class))
    } else {
        code.parse::<u32>()
            .is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13 | 14))
    }
}
