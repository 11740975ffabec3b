//! Who looked, signed in or was refused: the access log, read by the people it is about.

mod dto;
pub(crate) mod routes;
mod store;
