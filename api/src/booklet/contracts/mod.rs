//! « Contrat pédagogique » (§02): what candidate and tutor promise each other, signed by both.

mod actions;
pub(crate) mod content;
mod course;
pub(crate) mod dto;
pub(crate) mod expiry;
pub(crate) mod lifecycle;
pub(crate) mod routes;
pub(crate) mod rules;
pub(crate) mod store;
