//! The identities of other systems (a CRM): OAuth clients, limited by their scopes.

mod dto;
pub(crate) mod routes;
pub(in crate::people) mod rules;
pub(crate) mod store;
