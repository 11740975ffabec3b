//! Requests that the service makes by itself, to addresses that its users name: https alone, never
//! into a private network, no redirects, bounded in time and in size.

mod client;
mod networks;
mod targets;

pub(crate) use client::Outbound;
pub(crate) use targets::{Refused, Targets};
