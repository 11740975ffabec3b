//! The keys that sign tokens, in the order in which they come to sign.
//!
//! A name says from when on: `token-20261123T124500Z.pem` signs from that instant (UTC). Others,
//! as `token-1.pem`, sign at once, the last by name. Until its instant has come a key is published
//! all the same, so that every instance and every client knows it before its first token. A key
//! verifies until the last token that it can have signed has expired.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

use super::files::{pem_files, token_key_name};

/// How long an access token lives, in seconds.
pub const LIFETIME: i64 = 15 * 60;
/// How far clocks may differ, in seconds.
pub(crate) const LEEWAY: i64 = 30;
/// How a name writes an instant.
pub(super) const INSTANT: &str = "%Y%m%dT%H%M%SZ";

/// A key that signs tokens, or did, or will.
pub(crate) struct TokenKey {
    path: PathBuf,
    /// Nothing: at once.
    signs_from: Option<DateTime<Utc>>,
    public: Jwk,
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl TokenKey {
    fn read(path: PathBuf) -> io::Result<Self> {
        let bad = |error: jsonwebtoken::errors::Error| {
            io::Error::other(format!("LIVRET_KEY_DIR: {}: {error}", path.display()))
        };
        let encoding = EncodingKey::from_ed_pem(&fs::read(&path)?).map_err(bad)?;
        let mut public = Jwk::from_encoding_key(&encoding, Algorithm::EdDSA).map_err(bad)?;
        let id = public.thumbprint(ThumbprintHash::SHA256).map_err(bad)?;
        let decoding = DecodingKey::from_jwk(&public).map_err(bad)?;
        public.common.public_key_use = Some(PublicKeyUse::Signature);
        public.common.key_algorithm = Some(KeyAlgorithm::EdDSA);
        public.common.key_id = Some(id.clone());
        Ok(Self {
            signs_from: token_key_name(&path).and_then(instant),
            path,
            public,
            id,
            encoding,
            decoding,
        })
    }

    /// Its name in the header of tokens: its thumbprint (RFC 7638).
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn encoding(&self) -> &EncodingKey {
        &self.encoding
    }

    pub(crate) fn decoding(&self) -> &DecodingKey {
        &self.decoding
    }

    pub(super) fn public(&self) -> Jwk {
        self.public.clone()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn signs_from(&self) -> Option<DateTime<Utc>> {
        self.signs_from
    }
}

fn instant(name: &str) -> Option<DateTime<Utc>> {
    let instant = NaiveDateTime::parse_from_str(name, INSTANT).ok()?;
    Some(instant.and_utc())
}

/// For how long a key verifies after another began to sign: as long as its last token lives, with
/// clocks that differ when it is made and when it is read.
pub(super) fn overlap() -> TimeDelta {
    TimeDelta::seconds(LIFETIME + 2 * LEEWAY)
}

/// All keys of a folder, never none.
pub(super) struct Ring(Vec<Arc<TokenKey>>);

impl Ring {
    pub(super) fn read(dir: &Path) -> io::Result<Self> {
        let keys: io::Result<Vec<TokenKey>> =
            pem_files(dir)?.into_iter().map(TokenKey::read).collect();
        let mut keys: Vec<Arc<TokenKey>> = keys?.into_iter().map(Arc::new).collect();
        if keys.is_empty() {
            return Err(io::Error::other("LIVRET_KEY_DIR: no token-*.pem"));
        }
        // Files come by name, which stays the order of those that sign at once.
        keys.sort_by_key(|key| key.signs_from);
        Ok(Self(keys))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.0
            .iter()
            .map(|key| key.id())
            .eq(other.0.iter().map(|key| key.id()))
    }

    /// The last that may sign now; the first, where the time of none has come.
    pub(super) fn signing(&self, now: DateTime<Utc>) -> Option<Arc<TokenKey>> {
        let may = |key: &&Arc<TokenKey>| key.signs_from.is_none_or(|from| from <= now);
        self.0.iter().rev().find(may).or(self.0.first()).cloned()
    }

    /// Those of which a token may be alive, or will be.
    pub(super) fn verifying(&self, now: DateTime<Utc>) -> impl Iterator<Item = Arc<TokenKey>> {
        self.0
            .iter()
            .filter(move |key| !self.is_over(key, now))
            .cloned()
    }

    /// The others.
    pub(super) fn over(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Arc<TokenKey>> {
        self.0.iter().filter(move |key| self.is_over(key, now))
    }

    /// A later key took its place so long ago that none of its tokens is alive. Of one without an
    /// instant in its name nobody knows when it came.
    fn is_over(&self, key: &TokenKey, now: DateTime<Utc>) -> bool {
        self.0.iter().any(|later| {
            let took_over = later.signs_from > key.signs_from;
            took_over && later.signs_from.is_some_and(|from| from + overlap() <= now)
        })
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Arc<TokenKey>> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::super::files::make_token_key;
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        instant(text).unwrap()
    }

    fn names(keys: impl Iterator<Item = Arc<TokenKey>>) -> Vec<String> {
        keys.map(|key| token_key_name(&key.path).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn a_key_is_published_before_it_signs_and_verifies_after_it_signed() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["1", "2", "20261123T120000Z"] {
            make_token_key(dir.path(), name).unwrap();
        }
        let ring = Ring::read(dir.path()).unwrap();
        let signing = |now| names(ring.signing(at(now)).into_iter());
        let verifying = |now| names(ring.verifying(at(now)));
        assert_eq!(signing("20261123T115959Z"), ["2"]);
        assert_eq!(
            verifying("20261123T115959Z"),
            ["1", "2", "20261123T120000Z"]
        );
        assert_eq!(signing("20261123T120000Z"), ["20261123T120000Z"]);
        assert_eq!(verifying("20261123T121559Z").len(), 3);
        assert_eq!(verifying("20261123T121600Z"), ["20261123T120000Z"]);
    }

    #[test]
    fn a_key_whose_time_has_not_come_signs_for_want_of_another() {
        let dir = tempfile::tempdir().unwrap();
        make_token_key(dir.path(), "20261123T120000Z").unwrap();
        let ring = Ring::read(dir.path()).unwrap();
        assert!(ring.signing(at("20250101T000000Z")).is_some());
        assert!(Ring::read(tempfile::tempdir().unwrap().path()).is_err());
    }
}
