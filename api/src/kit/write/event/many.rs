//! Transactions with many events, and who must not read while there is one.
//!
//! Numbers of events are given when they are written and seen when they are committed. The chain of the
//! trail looks back a bounded number of them (`chain::extend`): it waits for whoever writes more at once
//! than that allows for. On SQLite there is one writer, whose events are seen in the order of their
//! numbers.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::foundation::database::Transaction;

/// From how many on a transaction tells that it writes them.
const MANY: usize = 1000;

/// Tells, until the transaction ends, that it writes many events. Others that do so go on beside it.
///
/// # Errors
/// When the database does not answer, or keeps it waiting for too long.
pub async fn tell(txn: &Transaction, count: usize) -> Result<(), DbErr> {
    if count > MANY && txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared("SELECT pg_advisory_xact_lock_shared(5642184)")
            .await?;
    }
    Ok(())
}

/// Whether nobody writes many events; if so, nobody begins to before this transaction ends. For
/// PostgreSQL: on SQLite readers never see a gap.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn is_nobody_writing(txn: &Transaction) -> Result<bool, DbErr> {
    let asked = Statement::from_string(
        DbBackend::Postgres,
        "SELECT pg_try_advisory_xact_lock(5642184)",
    );
    match txn.query_one_raw(asked).await? {
        Some(row) => row.try_get_by_index(0),
        None => Ok(false),
    }
}
