//! The change feed: what happened in an organization, in an order that readers may follow.

pub mod place;
pub mod store;

pub use place::place;
