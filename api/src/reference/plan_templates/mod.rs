//! Plans to start from (§05): the shipped generic one, and each organization's own.

pub(crate) mod dto;
pub(crate) mod routes;
pub(crate) mod store;
