//! The catalogue of problems, as this API serves it: for programs as JSON, for people as pages.

mod dto;
mod pages;
pub(crate) mod routes;
