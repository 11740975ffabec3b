//! One search across people, their booklets and the directory.

pub(crate) mod dto;
pub(crate) mod routes;
mod rules;
mod store;
