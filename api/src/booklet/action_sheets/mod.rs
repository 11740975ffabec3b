//! « Fiches action » (§08): one per appointment, submitted by one party and locked by the other.

mod actions;
pub(crate) mod dto;
pub(crate) mod routes;
pub(crate) mod rules;
mod snapshot;
pub(crate) mod store;
