//! What is thought of connections once something was given up.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sea_orm::{ConnAcquireErr, DbErr};
use sqlx::{Executor, PgConnection};

use super::failure::is_read_only;
use super::patience;

/// How long connections are doubted after something was given up.
const DOUBTED: Duration = Duration::from_secs(60);
/// How long a doubted connection may take to say that nothing is open on it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Until when connections are doubted. Which of them was waited for in vain is not to be learned from
/// the libraries, so all that come back are asked.
#[derive(Debug)]
pub(super) struct Doubt {
    start: Instant,
    /// Milliseconds after `start`.
    until: AtomicU64,
    /// Whether the last write was refused because the database only reads.
    only_reads: AtomicBool,
}

impl Doubt {
    pub(super) fn none() -> Self {
        Self {
            start: Instant::now(),
            until: AtomicU64::new(0),
            only_reads: AtomicBool::new(false),
        }
    }

    /// Gives up what the database does not answer in time. Connections are doubted then, as when
    /// nobody waits for the answer any more.
    ///
    /// # Errors
    /// [`DbErr::ConnectionAcquire`] when it is late, or what the work itself fails with.
    pub(super) async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, DbErr>>,
    ) -> Result<T, DbErr> {
        let unless_done = Raise(self);
        let done = patience::within(work).await;
        let Some(done) = done else {
            return Err(DbErr::ConnectionAcquire(ConnAcquireErr::Timeout));
        };
        std::mem::forget(unless_done);
        if done.as_ref().is_err_and(is_read_only) {
            self.only_reads.store(true, Ordering::Relaxed);
        }
        done
    }

    /// Whether a write was refused since the last that was kept.
    pub(super) fn only_reads(&self) -> bool {
        self.only_reads.load(Ordering::Relaxed)
    }

    /// The database takes writes, as one has shown.
    pub(super) fn takes_writes(&self) {
        self.only_reads.store(false, Ordering::Relaxed);
    }

    /// Whether a connection that comes back may be used again. In doubt it is asked to end what is
    /// open: a BEGIN that nobody waited for has opened a transaction that sqlx knows nothing of.
    ///
    /// # Errors
    /// When it does not answer: it is closed then.
    pub(super) async fn settle(&self, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        if self.since_start() < self.until.load(Ordering::Relaxed) {
            let asked = tokio::time::timeout(PATIENCE, connection.execute("ROLLBACK")).await;
            asked.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        }
        Ok(true)
    }

    fn since_start(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Dropped, it raises the doubt.
struct Raise<'a>(&'a Doubt);

impl Drop for Raise<'_> {
    fn drop(&mut self) {
        let until = self.0.start.elapsed().saturating_add(DOUBTED).as_millis();
        let until = u64::try_from(until).unwrap_or(u64::MAX);
        self.0.until.fetch_max(until, Ordering::Relaxed);
    }
}
