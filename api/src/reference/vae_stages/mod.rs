//! « 5 étapes de la VAE » (§06): the reference, the same for all organizations.

mod dto;
pub(crate) mod routes;
mod rules;
pub(crate) mod store;
