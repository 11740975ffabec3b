//! Who accompanies a booklet, and from when to when.

pub(crate) mod dto;
pub(crate) mod routes;
pub(crate) mod store;
