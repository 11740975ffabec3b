//! The program itself: its commands, the server, the API document and the pages for people, demo data.

pub mod admin;
pub mod app;
pub mod backup;
pub mod demo;
pub mod doctor;
pub(crate) mod housekeeping;
pub(crate) mod labels;
pub mod metrics;
pub mod openapi;
pub mod pages;
pub(crate) mod problems;
pub(crate) mod production;
pub(crate) mod resources;
pub mod server;
pub mod verify_audit;
