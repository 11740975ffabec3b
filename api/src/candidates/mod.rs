//! « Candidat »: the people who seek a certification from experience. Many never sign in.

pub(crate) mod dto;
pub(crate) mod routes;
mod rows;
mod rules;
pub(crate) mod store;

pub(crate) use rows::Rows;
