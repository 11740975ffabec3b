//! « Plan d'accompagnement co-construit » (§05): proposed by one party, agreed by the other.

mod actions;
pub(crate) mod dto;
pub(crate) mod routes;
pub(crate) mod rules;
pub(crate) mod store;
