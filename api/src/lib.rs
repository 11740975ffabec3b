//! Livret: the booklet of a candidate to a certification from experience (VAE), as a JSON API.

mod action_sheets;
pub mod admin;
pub mod app;
mod audit;
pub mod auth;
mod booklets;
mod completed_actions;
pub mod config;
pub mod database;
mod follow_ups;
pub mod kit;
pub mod limiter;
mod members;
mod milestones;
mod openapi;
pub mod pages;
pub mod policy;
pub mod server;
mod sheet_items;
mod users;
