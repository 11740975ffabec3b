//! The sessions of the person signed in, and ending somebody's.

mod dto;
pub(crate) mod routes;
mod store;
