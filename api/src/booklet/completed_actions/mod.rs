//! « Bilan des actions » (§09): what was done, written by hand or derived from a locked sheet.

pub(crate) mod dto;
pub(crate) mod routes;
pub(crate) mod store;
