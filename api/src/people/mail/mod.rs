//! Mails to people: written down in the transaction that causes them, sent in the background.

mod dto;
pub(crate) mod outbox;
pub(crate) mod routes;
pub(crate) mod sender;
mod store;
mod texts;
