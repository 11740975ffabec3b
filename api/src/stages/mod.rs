//! How far a booklet has come on each stage of the VAE (§06).

mod dto;
pub(crate) mod routes;
mod rules;
mod store;
