//! Whether the database takes writes, as a full disk, a standby or rights on a file may keep it from doing.

use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use super::{Database, is_read_only};

/// Whether a write was refused, since the last that was kept, because the database only reads.
#[derive(Debug, Default)]
pub(super) struct OnlyReads(AtomicBool);

impl OnlyReads {
    pub(super) fn note(&self, only_reads: bool) {
        self.0.store(only_reads, Ordering::Relaxed);
    }
}

impl Database {
    /// Whether the database takes writes for now, and not reads alone. SQLite is only asked once it has
    /// refused one.
    ///
    /// # Errors
    /// The failure, when it does not even read.
    pub async fn takes_writes(&self) -> Result<bool, DbErr> {
        let backend = self.reader().get_database_backend();
        let question = match backend {
            DbBackend::Postgres => "SELECT current_setting('transaction_read_only') = 'off'",
            _ => "SELECT true",
        };
        let question = Statement::from_string(backend, question);
        let answer = self.reader().query_one_raw(question).await?;
        let takes_writes = answer.map_or(Ok(false), |row| row.try_get_by_index(0))?;
        self.writer().is_there()?;
        if takes_writes && self.writer().only_reads.0.load(Ordering::Relaxed) {
            return self.tries_to_write().await;
        }
        Ok(takes_writes)
    }

    /// Begins a transaction, and lets it go.
    pub(super) async fn tries_to_write(&self) -> Result<bool, DbErr> {
        let tried = async {
            let txn = self.begin().await?;
            // On SQLite it begins with its first statement.
            txn.execute_unprepared("SELECT 1").await?;
            txn.rollback().await
        };
        match tried.await {
            Ok(()) => {
                self.writer().only_reads.note(false);
                Ok(true)
            }
            Err(error) if is_read_only(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
