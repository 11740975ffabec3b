//! The catalogue of problems, as this API serves it: for programs as JSON, for people as pages.

pub(crate) mod dto;
pub(crate) mod routes;
