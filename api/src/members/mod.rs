//! Who accompanies a booklet, and from when to when.

mod dto;
pub(crate) mod routes;
mod store;
