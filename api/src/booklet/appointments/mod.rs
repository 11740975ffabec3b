//! Rendez-vous between candidate and tutor, as a calendar holds them.

pub(crate) mod dto;
pub(crate) mod routes;
mod rules;
pub(crate) mod store;
