//! The change feed: what happened in an organization, in an order that readers may follow.

pub mod bell;
mod dto;
mod filter;
mod place;
mod position;
pub(crate) mod routes;
pub mod store;
mod stream;
mod wait;

pub use bell::Bell;
pub(crate) use dto::Change;
pub use place::place;
