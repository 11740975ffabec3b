//! « Notes » (§11): free pages. A private one exists for its author alone.

pub(crate) mod dto;
pub(crate) mod routes;
mod rules;
pub(crate) mod store;
