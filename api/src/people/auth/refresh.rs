//! Refresh tokens: opaque, rotated at each use, one family per session.
//!
//! A token is `session ‖ generation ‖ MAC`, the MAC being over both and the session's own random
//! salt. Nothing of it is stored, so a copy of the database gives nobody a token; any earlier
//! token of the family is still recognised, so that its reuse is noticed.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use entity::session;
use uuid::Uuid;

use crate::foundation::keys::Keys;

/// A token's parts, its MAC not yet checked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) session_id: Uuid,
    pub(super) generation: i32,
    mac: [u8; 32],
}

/// Reads a token's parts.
pub(super) fn parse(token: &str) -> Option<Parts> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    let (session_id, rest) = bytes.split_first_chunk::<16>()?;
    let (generation, mac) = rest.split_first_chunk::<4>()?;
    Some(Parts {
        session_id: Uuid::from_bytes(*session_id),
        generation: i32::from_be_bytes(*generation),
        mac: mac.try_into().ok()?,
    })
}

/// The token of one generation of a session.
pub(super) fn token(keys: &Keys, session: &session::Model, generation: i32) -> String {
    let mut bytes = session.id.as_bytes().to_vec();
    bytes.extend(generation.to_be_bytes());
    bytes.extend(mac(keys, session, generation).as_ref());
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Whether the token was ever given out for this session.
pub(super) fn is_genuine(keys: &Keys, session: &session::Model, parts: &Parts) -> bool {
    let expected = mac(keys, session, parts.generation);
    aws_lc_rs::constant_time::verify_slices_are_equal(expected.as_ref(), &parts.mac).is_ok()
}

fn mac(keys: &Keys, session: &session::Model, generation: i32) -> aws_lc_rs::hmac::Tag {
    keys.mac(&[
        b"refresh",
        session.id.as_bytes(),
        &generation.to_be_bytes(),
        session.salt.as_bytes(),
    ])
}
