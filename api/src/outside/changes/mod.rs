//! The change feed: what happened in an organization, in an order that readers may follow with a cursor. What
//! transactions wrote as events (elsewhere a transactional outbox) is numbered here and told.

mod cursor;
mod dto;
pub(in crate::outside) mod filter;
pub(crate) mod routes;
mod sequence;
pub mod store;
mod stream;
mod wait;

pub(crate) use dto::Change;
pub use sequence::assign_numbers;
