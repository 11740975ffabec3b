//! New keys that sign tokens, beside a service that runs: `livret rotate-keys`.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::files::{make_token_key, pem_files};
use super::locked;
use super::ring::{INSTANT, Ring, overlap};
use crate::foundation::config::Config;

/// How long a key is published before it signs: twice as long as others may keep what
/// `/.well-known/jwks.json` answered, and ten times as long as an instance goes without reading
/// the folder.
const PUBLISHED_BEFORE: TimeDelta = TimeDelta::minutes(10);

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// The next key, after those that are over are removed.
    Next,
    /// Removes those that are over.
    Retire,
    /// A key that signs at once, and no other: one was stolen.
    AtOnce,
}

/// Makes and removes keys; answers what was done, a sentence each.
///
/// # Errors
/// A sentence: what keeps it from being done.
pub fn rotate(config: &Config, what: Rotation, now: DateTime<Utc>) -> Result<Vec<String>, String> {
    let dir = config.key_dir();
    let failed = |error: io::Error| format!("LIVRET_KEY_DIR: {}: {error}", dir.display());
    let _lock = locked(&dir).map_err(failed)?;
    let now = now.trunc_subsecs(0);
    if pem_files(&dir).map_err(failed)?.is_empty() {
        return make(&dir, now).map(|done| vec![done]).map_err(failed);
    }
    match what {
        Rotation::Retire => retire(&dir, now).map_err(failed),
        Rotation::AtOnce => replace(&dir, now).map_err(failed),
        Rotation::Next => {
            let mut done = retire(&dir, now).map_err(failed)?;
            refuse_a_third(&dir, now).map_err(failed)?;
            done.push(make(&dir, now + PUBLISHED_BEFORE).map_err(failed)?);
            Ok(done)
        }
    }
}

fn make(dir: &Path, signs_from: DateTime<Utc>) -> io::Result<String> {
    let path = make_token_key(dir, &signs_from.format(INSTANT).to_string())?;
    Ok(format!(
        "made {}: it signs from {signs_from}",
        path.display()
    ))
}

fn retire(dir: &Path, now: DateTime<Utc>) -> io::Result<Vec<String>> {
    let ring = Ring::read(dir)?;
    ring.over(now).map(|key| removed(key.path())).collect()
}

fn replace(dir: &Path, now: DateTime<Utc>) -> io::Result<Vec<String>> {
    let before = Ring::read(dir)?;
    let mut done = vec![make(dir, now)?];
    for key in before.all() {
        done.push(removed(key.path())?);
    }
    Ok(done)
}

fn removed(path: &Path) -> io::Result<String> {
    fs::remove_file(path)?;
    Ok(format!("removed {}", path.display()))
}

/// Two keys live at most: the one that signs, and the one before or the next.
fn refuse_a_third(dir: &Path, now: DateTime<Utc>) -> io::Result<()> {
    let ring = Ring::read(dir)?;
    let last = ring.all().filter_map(|key| key.signs_from()).max();
    match last {
        Some(from) if from > now => Err(io::Error::other(format!(
            "the next key is there already: it signs from {from}"
        ))),
        Some(from) if ring.verifying(now).count() > 1 => Err(io::Error::other(format!(
            "the key before still verifies tokens, until {}",
            from + overlap()
        ))),
        _ => Ok(()),
    }
}
