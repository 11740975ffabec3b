//! Livret: the booklet of a candidate to a certification from experience (VAE), as a JSON API.

pub mod admin;
pub mod app;
pub mod auth;
pub mod config;
pub mod database;
mod follow_ups;
pub mod kit;
pub mod limiter;
mod objectives;
mod openapi;
pub mod pages;
mod plan;
mod plan_steps;
mod plan_templates;
pub mod policy;
pub mod server;
mod users;
