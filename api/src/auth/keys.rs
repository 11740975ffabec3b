//! The keys of the service: one Ed25519 key that signs access tokens, and one for MACs.
//!
//! They live in `LIVRET_KEY_DIR`: `token-<name>.pem` (PKCS#8; the last by name signs, all verify)
//! and `mac.key` (32 bytes in base64).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::hmac;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

use crate::config::{Config, Environment};

/// The keys, read at the start.
pub struct Keys {
    signing: SigningKey,
    verifying: Vec<(String, DecodingKey)>,
    mac: hmac::Key,
}

struct SigningKey {
    id: String,
    key: EncodingKey,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.signing.id)
    }
}

impl Keys {
    /// Reads the keys of `LIVRET_KEY_DIR`; outside production, makes those that are missing.
    ///
    /// # Errors
    /// When the folder cannot be read or written, or a key is missing in production.
    pub fn load(config: &Config) -> io::Result<Self> {
        let dir = config.key_dir();
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&dir)?;
        let lock = File::create(dir.join("keys.lock"))?;
        lock.lock()?;
        let mac_path = dir.join("mac.key");
        if pem_files(&dir)?.is_empty() || !mac_path.exists() {
            if config.env == Environment::Production {
                return Err(io::Error::other(format!(
                    "LIVRET_KEY_DIR: {} must hold token-1.pem (openssl genpkey -algorithm ed25519) \
                     and mac.key (openssl rand -base64 32)",
                    dir.display()
                )));
            }
            make_missing(&dir, &mac_path)?;
        }
        Self::read(&dir, &mac_path)
    }

    fn read(dir: &Path, mac_path: &Path) -> io::Result<Self> {
        let mut signing = None;
        let mut verifying = Vec::new();
        for path in pem_files(dir)? {
            let bad = |error: jsonwebtoken::errors::Error| {
                io::Error::other(format!("LIVRET_KEY_DIR: {}: {error}", path.display()))
            };
            let key = EncodingKey::from_ed_pem(&fs::read(&path)?).map_err(bad)?;
            let jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).map_err(bad)?;
            let id = jwk
                .thumbprint(jsonwebtoken::jwk::ThumbprintHash::SHA256)
                .map_err(bad)?;
            verifying.push((id.clone(), DecodingKey::from_jwk(&jwk).map_err(bad)?));
            signing = Some(SigningKey { id, key });
        }
        Ok(Self {
            signing: signing.ok_or(io::Error::other("LIVRET_KEY_DIR: no token-*.pem"))?,
            verifying,
            mac: read_mac_key(mac_path)?,
        })
    }

    pub(super) fn signing(&self) -> (&str, &EncodingKey) {
        (&self.signing.id, &self.signing.key)
    }

    pub(super) fn verifying(&self, id: &str) -> Option<&DecodingKey> {
        self.verifying
            .iter()
            .find_map(|(known, key)| (known == id).then_some(key))
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
}

/// Reads the key of MACs from its file.
///
/// # Errors
/// When the file cannot be read, or holds no such key.
pub fn read_mac_key(path: &Path) -> io::Result<hmac::Key> {
    let bad = |why: &str| io::Error::other(format!("{}: {why}", path.display()));
    let bytes = BASE64_STANDARD
        .decode(fs::read_to_string(path)?.trim())
        .map_err(|error| bad(&error.to_string()))?;
    if bytes.len() < 32 {
        return Err(bad("holds less than 32 bytes"));
    }
    Ok(hmac::Key::new(hmac::HMAC_SHA256, &bytes))
}

/// The files of the keys that sign, by name.
pub(crate) fn pem_files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default();
            name.starts_with("token-") && name.ends_with(".pem")
        })
        .collect();
    files.sort();
    Ok(files)
}

fn make_missing(dir: &Path, mac_path: &Path) -> io::Result<()> {
    if pem_files(dir)?.is_empty() {
        let failed = |_| io::Error::other("cannot make a signing key");
        let pkcs8 = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).map_err(failed)?;
        let body = BASE64_STANDARD.encode(pkcs8.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        write_secret(&dir.join("token-1.pem"), &pem)?;
    }
    if !mac_path.exists() {
        write_secret(mac_path, &BASE64_STANDARD.encode(random::<32>()?))?;
    }
    Ok(())
}

fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
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
