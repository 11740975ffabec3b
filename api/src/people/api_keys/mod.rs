//! Keys by which service accounts are known without asking for tokens, for platforms that know no OAuth 2.0.
//! How one is recognised stands in `auth`.

mod dto;
pub(crate) mod routes;
mod store;
