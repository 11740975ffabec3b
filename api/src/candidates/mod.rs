//! « Candidat »: the people who seek a certification from experience. Many never sign in.

mod dto;
pub(crate) mod routes;
mod rules;
mod store;
