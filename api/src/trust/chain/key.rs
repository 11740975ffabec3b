//! The key of the chains: derived from `mac.key`, so that whoever has the database alone cannot
//! make a link.

use std::io;
use std::path::Path;

use aws_lc_rs::hmac;
use entity::audit_link;
use sea_orm::DbErr;

use super::head::Chain;
use super::row::{Row, Source};
use crate::foundation::keys::{Keys, read_mac_key};

/// A key of the chains.
#[derive(Debug)]
pub struct ChainKey {
    id: String,
    key: hmac::Key,
}

impl ChainKey {
    /// The key that the service chains with.
    #[must_use]
    pub fn of(keys: &Keys) -> Self {
        Self::derived(keys.mac(&[b"audit-chain"]).as_ref())
    }

    /// The key of a former `mac.key`.
    ///
    /// # Errors
    /// When the file cannot be read, or is no such key.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let key = read_mac_key(path)?;
        Ok(Self::derived(mac(&key, &[b"audit-chain"]).as_ref()))
    }

    fn derived(bytes: &[u8]) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, bytes);
        let id = hex(mac(&key, &[b"key id"]).as_ref());
        Self {
            id: id.chars().take(16).collect(),
            key,
        }
    }

    /// Names it in links.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The hash that binds these rows, in the order of their numbers, to what is before them.
    pub(super) fn hash_batch(
        &self,
        chain: Chain,
        position: i64,
        before: &str,
        source: Source,
        rows: &[Row],
    ) -> Result<String, DbErr> {
        let (chain, position, source) = (chain.id(), position.to_be_bytes(), source.to_string());
        let mut hash = Mac::begun(&self.key);
        for part in [
            &b"batch"[..],
            chain.as_bytes(),
            &position[..],
            before.as_bytes(),
            source.as_bytes(),
        ] {
            hash.add(part);
        }
        for row in rows {
            hash.add(&row.canonical()?);
        }
        Ok(hex(hash.done().as_ref()))
    }

    /// The hash that bound a single row, in its canonical form of then, to the one before it.
    pub(super) fn hash(&self, chain: Chain, position: i64, before: &str, row: &[u8]) -> String {
        let chain = chain.id();
        let parts: [&[u8]; 5] = [
            b"link",
            chain.as_bytes(),
            &position.to_be_bytes(),
            before.as_bytes(),
            row,
        ];
        hex(mac(&self.key, &parts).as_ref())
    }
}

/// The present key and those before it.
#[derive(Debug, Default)]
pub struct ChainKeys(Vec<ChainKey>);

impl ChainKeys {
    /// These keys.
    #[must_use]
    pub fn new(keys: Vec<ChainKey>) -> Self {
        Self(keys)
    }

    /// The key that this link names.
    pub(super) fn of(&self, link: &audit_link::Model) -> Option<&ChainKey> {
        self.0.iter().find(|key| key.id == link.key_id)
    }
}

/// A MAC of parts, each with its length before it.
struct Mac(hmac::Context);

impl Mac {
    fn begun(key: &hmac::Key) -> Self {
        Self(hmac::Context::with_key(key))
    }

    fn add(&mut self, part: &[u8]) {
        self.0.update(&(part.len() as u64).to_be_bytes());
        self.0.update(part);
    }

    fn done(self) -> hmac::Tag {
        self.0.sign()
    }
}

fn mac(key: &hmac::Key, parts: &[&[u8]]) -> hmac::Tag {
    let mut mac = Mac::begun(key);
    for part in parts {
        mac.add(part);
    }
    mac.done()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
