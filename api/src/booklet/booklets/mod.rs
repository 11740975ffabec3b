//! « Livret » (§01): the booklet, from its opening to its closing.

mod actions;
mod acts;
mod board;
pub(crate) mod contact;
pub(crate) mod dto;
mod external;
pub(crate) mod include;
mod lifecycle;
pub(crate) mod routes;
pub(crate) mod rules;
mod store;
pub(crate) mod writing;

pub(crate) use rules::effective_state;
