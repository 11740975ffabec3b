//! « Candidat »: the people who seek a certification from experience. Many never sign in.

mod doubles;
pub(crate) mod dto;
mod external;
pub(crate) mod likeness;
mod merging;
pub(crate) mod routes;
pub(crate) mod rules;
pub(crate) mod store;
mod writing;
