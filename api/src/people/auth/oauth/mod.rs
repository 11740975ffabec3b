//! OAuth 2.0, for the programs of others: tokens (RFC 6749), their revocation (RFC 7009) and
//! introspection (RFC 7662), and the metadata by which clients find them (RFC 8414).

mod client;
mod dto;
mod form;
mod introspect;
mod metadata;
mod revoke;
mod token;

pub(crate) use self::client::expires_soon;
pub(crate) use self::metadata::well_known;
use crate::kit::Routes;

pub(super) fn routes(api: &mut Routes) {
    api.service(token::issue_token)
        .service(revoke::revoke_token)
        .service(introspect::introspect_token);
}
