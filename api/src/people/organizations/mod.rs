//! The training bodies that run booklets: each is the tenant that its rows belong to.

mod dto;
pub(crate) mod routes;
pub(crate) mod rules;
mod store;
