//! « Suivi » (§10): the contacts between two appointments.

pub(crate) mod dto;
pub(crate) mod routes;
mod store;
