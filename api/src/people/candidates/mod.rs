//! « Candidat »: the people who seek a certification from experience. Many never sign in.

pub(crate) mod dto;
mod external;
pub(crate) mod routes;
pub(crate) mod rules;
pub(crate) mod store;
mod writing;
