//! The change feed: what happened in an organization, in an order that readers may follow.

mod dto;
mod filter;
mod place;
mod position;
pub(crate) mod routes;
pub mod store;
mod stream;
mod wait;

pub(crate) use dto::Change;
pub use place::place;
