//! Break-glass: a platform admin opens one booklet to read it, for a while and for a written
//! reason, under the eyes of those whom it is about.

mod dto;
pub(crate) mod routes;
mod rules;
mod store;
