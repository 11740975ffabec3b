//! What the words of the API are called, so that no front-end invents its own.

mod booklet;
mod dto;
mod events;
mod groups;
pub(crate) mod routes;
mod service;

pub(crate) use self::groups::{Group, groups};

/// Words of the API with what they are called, French then English.
type Words = &'static [(&'static str, [&'static str; 2])];
