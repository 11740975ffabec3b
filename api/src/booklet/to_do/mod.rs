//! What is to be done, by whom, until when: across the booklets within reach, made from their pages by the
//! rules that decide what may be done.

mod branches;
mod counts;
mod dto;
mod expressions;
pub(crate) mod kinds;
mod place;
pub(crate) mod routes;
mod sources;
mod store;
