//! How far a booklet has come: states and dates, no free text. The one thing of its content that
//! prescribers, validators and integrations read.

mod dto;
pub(crate) mod routes;
mod store;
