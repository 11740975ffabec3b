//! How far a booklet has come on each stage of the VAE (§06).

pub(crate) mod dto;
pub(crate) mod routes;
mod rules;
pub(crate) mod store;
