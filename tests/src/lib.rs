//! The harness of the black-box suite: a world of named people, a client that checks every answer
//! against the contract, and a real PostgreSQL of its own.
#![expect(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::zombie_processes,
    reason = "a test fails by panicking"
)]

mod chance;
mod client;
mod contract;
mod copies;
mod demo;
mod grown;
mod mails;
mod operation;
mod people;
mod postgres;
mod seen;
mod world;

pub use chance::Chance;
pub use client::{Answer, Client};
pub use contract::{check_message, contract, declared};
pub use demo::Demo;
pub use grown::{Grown, grow};
pub use mails::Mail;
pub use operation::Operation;
pub use people::{PASSWORD, People};
pub use world::{Backend, World};
