//! What was sent to the database.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::Statement;

type Reader = Box<dyn Fn(&Statement) + Send + Sync>;

/// Counts statements, and shows them to who asked for it.
#[derive(Default)]
pub(super) struct Sent {
    all: AtomicU64,
    writes: AtomicU64,
    reader: OnceLock<Reader>,
}

impl Sent {
    /// One more, by a connection that may write or not.
    pub(super) fn count(&self, statement: &Statement, may_write: bool) {
        self.all.fetch_add(1, Ordering::Relaxed);
        if may_write {
            self.writes.fetch_add(1, Ordering::Relaxed);
        }
        if let Some(reader) = self.reader.get() {
            reader(statement);
        }
    }

    pub(super) fn all(&self) -> u64 {
        self.all.load(Ordering::Relaxed)
    }

    pub(super) fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    /// Shows each from now on; the first who asks is the only one.
    pub(super) fn show(&self, reader: impl Fn(&Statement) + Send + Sync + 'static) {
        // Whoever comes second sees nothing.
        let _second = self.reader.set(Box::new(reader));
    }
}

impl fmt::Debug for Sent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sent")
            .field("all", &self.all)
            .finish_non_exhaustive()
    }
}
