//! Who somebody is: passwords, sessions, tokens.

pub(crate) mod api_key;
pub(crate) mod attempts;
pub(crate) mod dto;
mod identity;
mod oauth;
pub(crate) mod place;
pub(crate) mod reader;
mod refresh;
pub mod routes;
pub(crate) mod sessions;
pub(crate) mod store;
pub mod tokens;
mod verified;

pub(crate) use identity::authenticate;
pub(crate) use oauth::{expires_soon, well_known};
