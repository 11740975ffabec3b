//! Who somebody is: passwords, sessions, tokens.

pub(crate) mod attempts;
mod dto;
mod identity;
pub mod keys;
mod oauth;
pub mod passwords;
mod refresh;
pub mod routes;
mod sessions;
pub(crate) mod store;
pub mod tokens;

pub(crate) use identity::{authenticate, timezone};
