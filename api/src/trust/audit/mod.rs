//! Who changed what in a booklet, and when: the event trail, read by the people it is about.

pub(crate) mod dto;
pub(crate) mod routes;
mod store;
