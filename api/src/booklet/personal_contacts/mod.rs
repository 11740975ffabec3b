//! « Mon contact » (§07): the candidate's own contacts at the bodies of the directory.

pub(crate) mod dto;
pub(crate) mod routes;
mod store;
