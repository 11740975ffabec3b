//! The keys of the service: Ed25519 keys that sign access tokens, and one for MACs.
//!
//! They live in `LIVRET_KEY_DIR`: the [`ring`] of `token-<name>.pem` (PKCS#8) and `mac.key` (32
//! bytes in base64).

mod files;
mod numbers;
mod ring;
pub mod rotation;

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::JwkSet;

pub use self::files::read_mac_key;
use self::files::{MAC_KEY, pem_files};
pub(crate) use self::files::{missing, readable_by_others};
use self::numbers::Numbers;
pub use self::ring::LIFETIME;
use self::ring::Ring;
pub(crate) use self::ring::{LEEWAY, TokenKey};
use crate::foundation::config::{Config, Environment};

/// How often a running service reads the folder by itself.
pub(crate) const READ_EVERY: Duration = Duration::from_secs(60);
/// Bytes of a MAC.
const DIGEST: usize = 32;
/// How long it trusts what it read when somebody brings a key that it does not know.
const FRESH: Duration = Duration::from_secs(1);
/// Held by whoever makes or removes keys.
const LOCK: &str = "keys.lock";

/// The keys. Those that sign tokens are read again while the service runs.
pub struct Keys {
    dir: PathBuf,
    ring: RwLock<Arc<Ring>>,
    read_at: Mutex<Instant>,
    mac: hmac::Key,
    numbers: Numbers,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.dir.display())
    }
}

impl Keys {
    /// Reads the keys of `LIVRET_KEY_DIR`; outside production, makes those that are missing.
    ///
    /// # Errors
    /// When the folder cannot be read or written, or a key is missing in production.
    pub fn load(config: &Config) -> io::Result<Self> {
        let dir = config.key_dir();
        let _lock = locked(&dir)?;
        let mac_path = dir.join(MAC_KEY);
        match missing(&dir) {
            Some(missing) if config.env == Environment::Production => {
                return Err(io::Error::other(missing));
            }
            Some(_) => make_missing(&dir, &mac_path)?,
            None => {}
        }
        for reason in readable_by_others(&dir) {
            tracing::warn!("{reason}");
        }
        let mac = read_mac_key(&mac_path)?;
        Ok(Self {
            ring: RwLock::new(Arc::new(Ring::read(&dir)?)),
            read_at: Mutex::new(Instant::now()),
            numbers: Numbers::of(&mac),
            mac,
            dir,
        })
    }

    fn ring(&self) -> Arc<Ring> {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        ring.clone()
    }

    /// The key that signs now.
    pub(crate) fn signing(&self, now: DateTime<Utc>) -> Option<Arc<TokenKey>> {
        self.ring().signing(now)
    }

    /// The key of this name, while tokens that it signed may be alive.
    pub(crate) fn verifying(&self, id: &str, now: DateTime<Utc>) -> Option<Arc<TokenKey>> {
        self.ring().verifying(now).find(|key| key.id() == id)
    }

    /// What others verify our tokens with (RFC 7517).
    #[must_use]
    pub fn published(&self, now: DateTime<Utc>) -> JwkSet {
        let ring = self.ring();
        JwkSet {
            keys: ring.verifying(now).map(|key| key.public()).collect(),
        }
    }

    /// Reads the folder again: keys come and go while the service runs. One that cannot be read
    /// leaves the keys as they are.
    pub fn read_again(&self) {
        let mut read_at = self.read_at.lock().unwrap_or_else(PoisonError::into_inner);
        self.read_folder(&mut read_at);
    }

    /// The same, unless that was done a moment ago: whoever sends tokens of unknown keys does not
    /// make the service read all the time.
    pub fn read_again_unless_fresh(&self) {
        let mut read_at = self.read_at.lock().unwrap_or_else(PoisonError::into_inner);
        if read_at.elapsed() >= FRESH {
            self.read_folder(&mut read_at);
        }
    }

    fn read_folder(&self, read_at: &mut Instant) {
        match Ring::read(&self.dir) {
            Ok(ring) => {
                let ring = Arc::new(ring);
                let mut known = self.ring.write().unwrap_or_else(PoisonError::into_inner);
                if !known.is_same(&ring) {
                    tracing::info!(keys = ring.len(), "the keys that sign tokens have changed");
                }
                *known = ring;
            }
            Err(error) => tracing::warn!(%error, "the keys cannot be read again"),
        }
        *read_at = Instant::now();
    }

    /// A MAC over these parts, each of them delimited.
    #[must_use]
    pub fn mac(&self, parts: &[&[u8]]) -> hmac::Tag {
        let mut context = hmac::Context::with_key(&self.mac);
        for part in parts {
            context.update(&(part.len() as u64).to_be_bytes());
            context.update(part);
        }
        context.sign()
    }

    /// The number of a row of a trail as it is shown: it names the row, and does not count those between.
    #[must_use]
    pub(crate) fn number(&self, at: DateTime<Utc>, sequence: i64) -> i64 {
        self.numbers.shown(at, sequence)
    }

    /// Makes bytes unreadable, and readable again, by a seal that is never that of others.
    pub(crate) fn veil(&self, seal: &[u8], bytes: &mut [u8]) {
        for (number, some) in bytes.chunks_mut(DIGEST).enumerate() {
            let veil = self.mac(&[b"veil", seal, &number.to_be_bytes()]);
            for (byte, by) in some.iter_mut().zip(veil.as_ref()) {
                *byte ^= by;
            }
        }
    }
}

/// Makes the folder where there is none, and keeps others from making or removing keys in it.
fn locked(dir: &Path) -> io::Result<File> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(dir)?;
    let lock = File::create(dir.join(LOCK))?;
    lock.lock()?;
    Ok(lock)
}

fn make_missing(dir: &Path, mac_path: &Path) -> io::Result<()> {
    if pem_files(dir)?.is_empty() {
        files::make_token_key(dir, "1")?;
    }
    if !mac_path.exists() {
        files::write_secret(mac_path, &BASE64_STANDARD.encode(random::<32>()?))?;
    }
    Ok(())
}

/// Bytes that nobody can guess.
///
/// # Errors
/// When the system has no randomness to give.
pub fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .or(Err(io::Error::other("no randomness")))?;
    Ok(bytes)
}

/// A secret to hand out, 256 bits, safe in addresses.
///
/// # Errors
/// When the system has no randomness to give.
pub fn secret() -> io::Result<String> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random::<32>()?))
}
