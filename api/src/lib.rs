//! Livret: the booklet of a candidate to a certification from experience (VAE), as a JSON API.

pub mod admin;
pub mod app;
mod audit;
pub mod auth;
mod booklets;
pub mod config;
mod contract_templates;
mod contracts;
pub mod database;
mod follow_ups;
pub mod kit;
pub mod limiter;
mod members;
mod milestones;
mod openapi;
pub mod pages;
mod pledges;
pub mod policy;
pub mod server;
mod users;
