//! Files of copies: whole or not there, and for their owner alone.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Refuses what would be overwritten.
pub(super) fn is_free(path: &Path) -> Result<(), String> {
    if path.exists() {
        let path = path.display();
        return Err(format!(
            "{path} is there already: name another, or move it away"
        ));
    }
    Ok(())
}

/// Where the keys that belong to a copy are.
pub(super) fn keys_beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".keys");
    PathBuf::from(name)
}

/// A file that has its name once it is whole.
pub(super) struct Draft {
    folder: TempDir,
}

impl Draft {
    /// In the folder of the file to be, so that it only needs its name in the end.
    pub(super) fn beside(file: &Path) -> Result<Self, String> {
        let folder = folder_of(file);
        let made = TempDir::with_prefix_in(".livret-copy-", folder);
        let cannot = |error| format!("cannot write to {}: {error}", folder.display());
        Ok(Self {
            folder: made.map_err(cannot)?,
        })
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("copy")
    }

    /// Gives it its name, once it is on the disk. Says how many bytes it has.
    pub(super) fn keep(self, file: &Path) -> Result<u64, String> {
        let kept = || -> io::Result<u64> {
            let draft = self.path();
            fs::set_permissions(&draft, Permissions::from_mode(0o600))?;
            let written = File::open(&draft)?;
            written.sync_all()?;
            let bytes = written.metadata()?.len();
            fs::rename(&draft, file)?;
            File::open(folder_of(file))?.sync_all()?;
            Ok(bytes)
        };
        kept().map_err(|error| format!("cannot write {}: {error}", file.display()))
    }
}

/// Copies each key file that is not there yet. One that is there must be the same.
pub(super) fn copy_keys(from: &Path, to: &Path) -> Result<(), String> {
    let copied = || -> io::Result<()> {
        if !to.is_dir() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(to)?;
        }
        for path in key_files(from)? {
            let Some(name) = path.file_name() else {
                continue;
            };
            let target = to.join(name);
            if !target.exists() {
                fs::copy(&path, &target)?;
                fs::set_permissions(&target, Permissions::from_mode(0o600))?;
                File::open(&target)?.sync_all()?;
            } else if fs::read(&path)? != fs::read(&target)? {
                let other = format!("{} is there already, and another key", target.display());
                return Err(io::Error::other(other));
            }
        }
        File::open(to)?.sync_all()
    };
    copied().map_err(|error| format!("cannot copy the keys: {error}"))
}

fn key_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|end| end == "pem" || end == "key")
        {
            files.push(path);
        }
    }
    Ok(files)
}

fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
