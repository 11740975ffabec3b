//! The harness of the black-box suite: a world of named people, a client that checks every answer
//! against the API document, and a real PostgreSQL of its own.
#![expect(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::zombie_processes,
    reason = "a test fails by panicking"
)]

mod api_document;
mod chance;
mod client;
mod copies;
mod demo;
mod grown;
mod mails;
mod operation;
mod people;
mod postgres;
mod seen;
mod settings;
mod world;

pub use api_document::{api_document, check_message, declared, is_json};
pub use chance::Chance;
pub use client::{Answer, Client};
pub use demo::Demo;
pub use grown::{Grown, grow};
pub use mails::Mail;
pub use operation::Operation;
pub use people::{PASSWORD, People};
pub use world::{Backend, World};
