//! Single sign-on: the OpenID providers that an organization trusts, and the tokens that they give.

mod dto;
mod identity;
mod keys;
pub(crate) mod routes;
mod rules;
mod store;
mod token;

pub(crate) use identity::authenticate;
pub(crate) use token::issuer_of;
