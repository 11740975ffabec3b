//! `livret doctor`: looks at everything that a service needs around it, and says what to do.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::foundation::config::Config;
use crate::foundation::database::{Database, is_up_to_date};
use crate::foundation::keys;
use crate::foundation::state::mailer::Mailer;
use crate::program::production;

/// Below so many bytes a disk is nearly full.
const LOW: u64 = 1 << 30;
/// A copy that is older than this was forgotten.
const STALE: Duration = Duration::from_secs(26 * 3600);
/// How far clocks may differ: tokens and events would look wrong.
const APART: TimeDelta = TimeDelta::seconds(2);

/// What was found of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is as it should be.
    Fine,
    /// The service runs, and somebody should know.
    Mind,
    /// The service does not run like this.
    Broken,
}

/// What was looked at, what was found, and what to do.
#[derive(Debug)]
pub struct Finding {
    /// What was found.
    pub verdict: Verdict,
    what: &'static str,
    says: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.verdict {
            Verdict::Fine => "ok   ",
            Verdict::Mind => "mind ",
            Verdict::Broken => "BROKEN",
        };
        write!(formatter, "{mark:6} {:11} {}", self.what, self.says)
    }
}

fn finding(verdict: Verdict, what: &'static str, says: impl Into<String>) -> Finding {
    Finding {
        verdict,
        what,
        says: says.into(),
    }
}

/// Looks at all of it, and changes nothing. `copies` is a file that `livret backup` wrote, or a folder of them.
pub async fn look(config: &Config, copies: Option<&Path>, now: DateTime<Utc>) -> Vec<Finding> {
    let mut found = database(config, now).await;
    found.push(key_folder(config));
    found.push(disk(config));
    found.push(settings(config));
    found.push(mails(config));
    found.push(proxies(config));
    found.push(backups(copies));
    found
}

async fn database(config: &Config, now: DateTime<Utc>) -> Vec<Finding> {
    const WHAT: &str = "database";
    if let Some(path) = config.sqlite_path().filter(|path| !path.exists()) {
        let says = format!(
            "{} is not there yet: the first start makes it",
            path.display()
        );
        return vec![finding(Verdict::Mind, WHAT, says)];
    }
    if !is_up_to_date(config).await {
        let says = "migrations are missing, or nothing answers at LIVRET_DATABASE_URL: `livret migrate` applies \
                    them, or says what is wrong";
        return vec![finding(Verdict::Broken, WHAT, says)];
    }
    let looked = async {
        let db = Database::open(config).await?;
        let found = vec![writes(&db).await?, clock(&db, now).await?];
        db.close().await?;
        Ok::<_, DbErr>(found)
    };
    looked.await.unwrap_or_else(|error| {
        let says = format!("LIVRET_DATABASE_URL: {error}");
        vec![finding(Verdict::Broken, WHAT, says)]
    })
}

async fn writes(db: &Database) -> Result<Finding, DbErr> {
    Ok(if db.takes_writes().await? {
        finding(
            Verdict::Fine,
            "database",
            "answers, is migrated, takes writes",
        )
    } else {
        let says = "only reads: nothing can be written until it takes writes again";
        finding(Verdict::Broken, "database", says)
    })
}

async fn clock(db: &Database, now: DateTime<Utc>) -> Result<Finding, DbErr> {
    let pool = db.reader();
    if pool.get_database_backend() != DbBackend::Postgres {
        let says = format!("it is {} here (UTC)", now.format("%Y-%m-%d %H:%M:%S"));
        return Ok(finding(Verdict::Fine, "clock", says));
    }
    let question = Statement::from_string(DbBackend::Postgres, "SELECT clock_timestamp()");
    let row = pool.query_one_raw(question).await?;
    let theirs: Option<DateTime<Utc>> = row.map(|row| row.try_get_by_index(0)).transpose()?;
    let apart = theirs.map_or(TimeDelta::zero(), |theirs| (theirs - now).abs());
    Ok(if apart > APART {
        let says = format!(
            "{} s apart from the database's: let both machines follow NTP",
            apart.num_seconds()
        );
        finding(Verdict::Mind, "clock", says)
    } else {
        finding(Verdict::Fine, "clock", "as the database's")
    })
}

fn key_folder(config: &Config) -> Finding {
    let folder = config.key_dir();
    if let Some(missing) = keys::missing(&folder) {
        return finding(Verdict::Mind, "keys", missing);
    }
    let readable = keys::readable_by_others(&folder);
    if readable.is_empty() {
        let says = format!("in {}, for their owner alone", folder.display());
        finding(Verdict::Fine, "keys", says)
    } else {
        finding(Verdict::Mind, "keys", readable.join("; "))
    }
}

fn disk(config: &Config) -> Finding {
    // Of a PostgreSQL's disk nothing is known here.
    let folder = match config.sqlite_path() {
        Some(_) => config.data_dir(),
        None => config.key_dir(),
    };
    let Ok(there) = rustix::fs::statvfs(&folder) else {
        let says = format!("{} is not there yet", folder.display());
        return finding(Verdict::Mind, "disk", says);
    };
    let free = there.f_bavail.saturating_mul(there.f_frsize);
    let says = format!("{} MiB free at {}", free >> 20, folder.display());
    if free < LOW {
        let says = format!("{says}: make room, a full disk stops all writes");
        finding(Verdict::Mind, "disk", says)
    } else {
        finding(Verdict::Fine, "disk", says)
    }
}

fn settings(config: &Config) -> Finding {
    match production::check(config, false) {
        Ok(()) => {
            let says = format!("people reach it at {}", config.public_url());
            finding(Verdict::Fine, "settings", says)
        }
        Err(sentence) => finding(Verdict::Broken, "settings", sentence),
    }
}

fn mails(config: &Config) -> Finding {
    match Mailer::new(config) {
        Err(sentence) => finding(Verdict::Broken, "mail", sentence),
        Ok(mailer) if !mailer.is_configured() => {
            let says = "none is sent: without LIVRET_SMTP_URL nobody is invited or gets a new password by mail";
            finding(Verdict::Mind, "mail", says)
        }
        Ok(mailer) => match mailer.folder() {
            Some(folder) => {
                let says = format!("written into {}, not sent", folder.display());
                finding(Verdict::Mind, "mail", says)
            }
            None => finding(Verdict::Fine, "mail", "sent by LIVRET_SMTP_URL"),
        },
    }
}

fn proxies(config: &Config) -> Finding {
    let is_behind_one = config.public_url().starts_with("https://");
    if is_behind_one && config.trusted_proxies.is_empty() {
        let says = "LIVRET_TRUSTED_PROXIES is empty: all requests seem to come from the proxy, and share its limits";
        return finding(Verdict::Mind, "proxies", says);
    }
    let says = match config.trusted_proxies.len() {
        0 => "none before it".to_owned(),
        known => format!("{known} believed"),
    };
    finding(Verdict::Fine, "proxies", says)
}

fn backups(copies: Option<&Path>) -> Finding {
    let Some(copies) = copies else {
        let says =
            "not looked at: --copies names the file or folder that `livret backup` writes to";
        return finding(Verdict::Mind, "backups", says);
    };
    let Some((path, age)) = newest(copies) else {
        let says = format!("no copy in {}", copies.display());
        return finding(Verdict::Mind, "backups", says);
    };
    let says = format!("{} is {} h old", path.display(), age.as_secs() / 3600);
    if age > STALE {
        finding(
            Verdict::Mind,
            "backups",
            format!("{says}: is the daily job running?"),
        )
    } else {
        finding(Verdict::Fine, "backups", says)
    }
}

/// The copy that was written last, and how long ago.
fn newest(copies: &Path) -> Option<(PathBuf, Duration)> {
    let paths: Vec<PathBuf> = match std::fs::read_dir(copies) {
        Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        Err(_) => vec![copies.to_owned()],
    };
    let files = paths.into_iter().filter(|path| path.is_file());
    let aged = files.filter_map(|path| {
        let written = path.metadata().ok()?.modified().ok()?;
        let age = SystemTime::now()
            .duration_since(written)
            .unwrap_or_default();
        Some((path, age))
    });
    aged.min_by_key(|(_, age)| *age)
}
