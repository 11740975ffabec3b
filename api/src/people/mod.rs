//! People and organizations: who there is, how they sign in, and what is written to them.

pub(crate) mod account;
pub(crate) mod api_keys;
pub mod auth;
pub(crate) mod candidates;
pub(crate) mod identity_providers;
pub mod mail;
pub(crate) mod names;
pub(crate) mod organizations;
pub(crate) mod service_accounts;
pub(crate) mod sessions;
pub(crate) mod users;
