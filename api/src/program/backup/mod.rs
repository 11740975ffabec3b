//! `livret backup` and `livret restore`: a copy of the database made beside a live server, and back.
//! A copy on SQLite is a SQLite file; on PostgreSQL it is an archive of `pg_dump`.

mod files;
mod postgres;
mod sqlite;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use secrecy::SecretString;
use tempfile::TempDir;

use self::files::{copy_keys, keys_beside};
use crate::foundation::config::Config;
use crate::foundation::database;
use crate::program::verify_audit::{self, Question};

/// What to restore, and how far to go.
#[derive(Args, Clone, Debug)]
pub struct Restoring {
    /// What `livret backup` wrote.
    file: PathBuf,
    /// Apply the migrations that are missing afterwards, and verify the whole audit trail.
    #[arg(long)]
    verify: bool,
    /// Restore to a place of its own, verify it there, and remove it: whether the copy would serve.
    #[arg(long)]
    rehearse: bool,
}

/// Writes a copy of the database; beside it, in `FILE.keys`, one of the keys if wanted. Says what it
/// wrote.
///
/// # Errors
/// A sentence that says what is there already, cannot be read or written, or is damaged.
pub async fn backup(config: &Config, file: &Path, with_keys: bool) -> Result<String, String> {
    let began = Instant::now();
    files::is_free(file)?;
    let draft = files::Draft::beside(file)?;
    if config.is_sqlite() {
        sqlite::copy(config, draft.path()).await?;
    } else {
        postgres::dump(config, draft.path()).await?;
    }
    if with_keys {
        copy_keys(&config.key_dir(), &keys_beside(file))?;
    }
    let size = draft.keep(file)?;
    Ok(format!(
        "{}: {} KiB, read back and whole, in {:.1} s{}",
        file.display(),
        size.div_ceil(1024),
        began.elapsed().as_secs_f32(),
        if with_keys {
            "; the keys beside it"
        } else {
            ""
        }
    ))
}

/// Puts a copy where the settings say that the database is. Nothing that is there is overwritten. Says
/// what it did.
///
/// # Errors
/// A sentence that says what is there already, or what is wrong with the copy.
pub async fn restore(config: &Config, wanted: &Restoring) -> Result<String, String> {
    if wanted.rehearse {
        return rehearse(config, &wanted.file).await;
    }
    let began = Instant::now();
    if keys_beside(&wanted.file).is_dir() {
        copy_keys(&keys_beside(&wanted.file), &config.key_dir())?;
    }
    bring_back(config, &wanted.file).await?;
    let verified = match wanted.verify {
        true => verify(config).await?,
        false => "--verify was not asked for",
    };
    Ok(told("restored", &wanted.file, verified, began))
}

/// The same, at a place that nobody uses.
async fn rehearse(config: &Config, file: &Path) -> Result<String, String> {
    let began = Instant::now();
    let folder = TempDir::with_prefix("livret-rehearsal-")
        .map_err(|error| format!("cannot make a folder: {error}"))?;
    let mut apart = config.clone();
    let keys = Some(keys_beside(file)).filter(|keys| keys.is_dir());
    apart.key_dir = keys.or_else(|| Some(config.key_dir()));
    let verified = if config.is_sqlite() {
        let path = folder.path().join("livret.db");
        apart.database_url = SecretString::from(format!("sqlite://{}?mode=rwc", path.display()));
        bring_back(&apart, file).await?;
        verify(&apart).await?
    } else {
        postgres::apart(config, async |url| {
            apart.database_url = url;
            bring_back(&apart, file).await?;
            verify(&apart).await
        })
        .await?
    };
    Ok(told("rehearsed, and removed again", file, verified, began))
}

fn told(what: &str, file: &Path, verified: &str, began: Instant) -> String {
    let seconds = began.elapsed().as_secs_f32();
    format!("{}: {what} in {seconds:.1} s; {verified}", file.display())
}

async fn bring_back(config: &Config, file: &Path) -> Result<(), String> {
    if !file.is_file() {
        return Err(format!("{}: there is no such file", file.display()));
    }
    if config.is_sqlite() {
        sqlite::bring_back(config, file).await
    } else {
        postgres::load(config, file).await
    }
}

async fn verify(config: &Config) -> Result<&'static str, String> {
    database::migrate(config)
        .await
        .map_err(|error| format!("cannot migrate what was restored: {error}"))?;
    let report = verify_audit::verify(config, &Question::default()).await?;
    match report.sentences.first() {
        None => Ok("migrated, and the audit trail holds"),
        Some(first) => Err(format!(
            "the audit trail of what was restored does not hold: {first} ({} faults in all)",
            report.faults
        )),
    }
}
