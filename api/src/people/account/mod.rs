//! What people do with their own account: its password, its e-mail address.

pub(crate) mod addresses;
mod dto;
mod invitations;
pub(crate) mod links;
pub(crate) mod reset;
pub(crate) mod routes;
mod store;

pub(crate) use store::{ask_to_confirm, email_notice};
