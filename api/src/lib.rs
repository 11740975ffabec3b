//! Livret: the booklet of a candidate to a certification from experience (VAE), as a JSON API.

pub mod admin;
pub mod app;
mod audit;
pub mod auth;
mod booklets;
mod candidates;
pub mod config;
pub mod database;
mod external_references;
mod follow_ups;
pub mod kit;
pub mod limiter;
mod members;
mod milestones;
mod openapi;
mod organizations;
pub mod pages;
pub mod policy;
pub mod server;
mod service_accounts;
mod users;
