//! « Mes objectifs » (§04): the project, its means, what the candidate expects, and the working
//! objectives set with the tutor.

pub(crate) mod dto;
pub(crate) mod routes;
mod rules;
mod store;
