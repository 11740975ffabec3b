//! The texts that a new contract (§02) is copied from: an organization's own, or the shared ones.

pub(crate) mod dto;
pub(crate) mod routes;
pub(crate) mod store;
