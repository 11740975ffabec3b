//! Key files: their names, and how they are written so that nobody reads half of one.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// The file of the key of MACs.
pub(super) const MAC_KEY: &str = "mac.key";

/// The files of keys that sign tokens, by name.
pub(super) fn pem_files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| token_key_name(path).is_some())
        .collect();
    files.sort();
    Ok(files)
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

/// What stands between `token-` and `.pem`.
pub(super) fn token_key_name(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    name.strip_prefix("token-")?.strip_suffix(".pem")
}

/// Makes a key that signs tokens.
pub(super) fn make_token_key(dir: &Path, name: &str) -> io::Result<PathBuf> {
    let failed = |_| io::Error::other("cannot make a signing key");
    let pkcs8 = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).map_err(failed)?;
    let body = BASE64_STANDARD.encode(pkcs8.as_ref());
    let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
    let path = dir.join(format!("token-{name}.pem"));
    write_secret(&path, &pem)?;
    Ok(path)
}

/// Writes a new file that its owner alone may read. Under its name it is there whole or not at
/// all. The folder is locked meanwhile.
pub(super) fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    if path.exists() {
        return Err(io::Error::other(format!("{} exists", path.display())));
    }
    let draft = path.with_extension("new");
    // Left behind by one that was cut off.
    if draft.exists() {
        fs::remove_file(&draft)?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

/// What to put into the folder where the service may not make keys itself, if one is missing.
pub(crate) fn missing(dir: &Path) -> Option<String> {
    let signs = pem_files(dir).is_ok_and(|files| !files.is_empty());
    (!signs || !dir.join(MAC_KEY).exists()).then(|| {
        format!(
            "LIVRET_KEY_DIR: {} must hold token-1.pem (openssl genpkey -algorithm ed25519) and \
             {MAC_KEY} (openssl rand -base64 32)",
            dir.display()
        )
    })
}

/// The keys that others on the machine can read, and what to do.
pub(crate) fn readable_by_others(dir: &Path) -> Vec<String> {
    let mut files = pem_files(dir).unwrap_or_default();
    files.push(dir.join(MAC_KEY));
    let is_open = |path: &PathBuf| {
        fs::metadata(path).is_ok_and(|known| known.permissions().mode() & 0o077 != 0)
    };
    let open = files.into_iter().filter(is_open);
    open.map(|path| {
        let path = path.display();
        format!("LIVRET_KEY_DIR: others can read {path} (chmod 600 {path})")
    })
    .collect()
}
