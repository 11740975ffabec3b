//! Deliveries: one message to one endpoint each. The log of a webhook, kept for 30 days.

pub(super) mod again;
pub(super) mod dto;
pub(super) mod routes;
pub(crate) mod store;
