//! The lines of the action sheets (§08): what is to produce, to contact or to do, from the sheet
//! that raises it to the one that settles it.

pub(crate) mod dto;
pub(crate) mod routes;
pub(crate) mod rules;
pub(crate) mod store;
