//! The list of booklets as a board: what it is filtered by, what a row says at a glance, how many there are.

pub(super) mod counts;
pub(crate) mod dto;
pub(super) mod filter;
pub(super) mod summary;
