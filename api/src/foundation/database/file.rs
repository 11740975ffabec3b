//! The file that SQLite has open. Deleted or replaced, it goes on being written to, and everything
//! acknowledged since is gone with the process.

use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use sea_orm::{DbErr, RuntimeErr};

/// The file as it was when the database was opened.
#[derive(Debug)]
pub(super) struct OpenedFile {
    path: PathBuf,
    /// Device and number of the file.
    identity: (u64, u64),
    /// Whether it was said that it is there no more.
    is_told: AtomicBool,
}

impl OpenedFile {
    /// Nothing where the file cannot be asked about.
    pub(super) fn at(path: PathBuf) -> Option<Self> {
        let identity = identity(&path)?;
        Some(Self {
            path,
            identity,
            is_told: AtomicBool::new(false),
        })
    }

    /// Whether the name still leads to the file. Asked around every write: it takes a microsecond.
    ///
    /// # Errors
    /// [`DbErr::Conn`] when it does not; the log says so once.
    pub(super) fn is_there(&self) -> Result<(), DbErr> {
        if identity(&self.path) == Some(self.identity) {
            return Ok(());
        }
        if !self.is_told.swap(true, Ordering::Relaxed) {
            let path = self.path.display();
            tracing::error!(%path, "the SQLite file was deleted or replaced while the service runs: \
                nothing is written any more until the same file is back or the service is restarted");
        }
        let why = "the SQLite file was deleted or replaced";
        Err(DbErr::Conn(RuntimeErr::Internal(why.to_owned())))
    }
}

/// By asking for it, never by opening it: whoever closes a file lets go of all locks that the process has
/// on it (POSIX), those of SQLite too, and the next to come takes its log away.
fn identity(path: &PathBuf) -> Option<(u64, u64)> {
    let found = std::fs::metadata(path).ok()?;
    Some((found.dev(), found.ino()))
}
