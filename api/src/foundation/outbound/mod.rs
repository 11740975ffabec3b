//! Requests that the service makes by itself, to addresses that its users name: https alone, never
//! into a private network, no redirects, bounded in time and in size.

mod client;
mod failure;
mod names;
mod networks;
mod registration;
mod targets;

pub(crate) use client::{Outbound, Parcel, Receipt};
pub(crate) use failure::Failure;
pub(crate) use registration::{check_field, malformed};
