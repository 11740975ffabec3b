//! The identities of other systems (a CRM): OAuth clients, limited by their scopes.

mod dto;
pub(crate) mod routes;
mod rules;
mod store;

pub(crate) use self::rules::expires_soon;
