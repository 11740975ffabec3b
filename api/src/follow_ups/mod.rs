//! « Suivi » (§10): the contacts between two appointments.

mod dto;
pub(crate) mod routes;
mod store;
