//! Copies of SQLite's file.

use std::fs;
use std::path::Path;

use super::files::{Draft, is_free};
use crate::foundation::config::Config;
use crate::foundation::database;

/// Copies the live database, and reads the copy back.
pub(super) async fn copy(config: &Config, to: impl AsRef<Path>) -> Result<(), String> {
    let path = config.sqlite_path();
    if let Some(path) = path.filter(|path| !path.is_file()) {
        let path = path.display();
        return Err(format!("LIVRET_DATABASE_URL: there is no {path}"));
    }
    database::copy_sqlite(config, to.as_ref())
        .await
        .map_err(|error| format!("cannot copy the database: {error}"))?;
    database::check_sqlite(to.as_ref()).await
}

/// Puts a copy in the place of a database that is not there.
pub(super) async fn bring_back(config: &Config, file: &Path) -> Result<(), String> {
    let Some(target) = config.sqlite_path() else {
        return Err("LIVRET_DATABASE_URL: there is no file to restore to".to_owned());
    };
    // A log without its database would be written into the copy.
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut path = target.as_os_str().to_owned();
        path.push(end);
        is_free(Path::new(&path))?;
    }
    database::check_sqlite(file).await?;
    if let Some(folder) = target.parent() {
        let cannot = |error| format!("cannot make {}: {error}", folder.display());
        fs::create_dir_all(folder).map_err(cannot)?;
    }
    let draft = Draft::beside(&target)?;
    fs::copy(file, draft.path()).map_err(|error| format!("cannot copy: {error}"))?;
    draft.keep(&target).map(drop)
}
