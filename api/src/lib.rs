//! Livret: the booklet of a candidate to a certification from experience (VAE), as a JSON API.

pub mod admin;
pub mod app;
mod appointments;
mod audit;
pub mod auth;
mod booklets;
pub mod config;
pub mod database;
mod follow_ups;
pub mod kit;
pub mod limiter;
mod members;
mod milestones;
mod notes;
mod openapi;
pub mod pages;
mod personal_contacts;
pub mod policy;
pub mod server;
mod stages;
mod useful_addresses;
mod users;
mod vae_stages;
