//! The directory in the public format data·inclusion, there and back: structures, version 1.

mod dto;
mod export;
mod given;
mod mapping;
mod places;
pub(crate) mod routes;
mod store;
