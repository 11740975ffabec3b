//! The whole booklet in one answer, section by section, in a constant number of queries.

mod dto;
pub(crate) mod routes;
mod store;
mod weight;
