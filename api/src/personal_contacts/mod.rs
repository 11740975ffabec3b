//! « Mon contact » (§07): the candidate's own contacts at the bodies of the directory.

mod dto;
pub(crate) mod routes;
mod store;
