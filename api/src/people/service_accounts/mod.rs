//! The identities of other systems (a CRM): OAuth clients, limited by their scopes.

mod dto;
pub(crate) mod routes;
mod rules;
pub(crate) mod store;
