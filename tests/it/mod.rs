//! What the API does, laid out as its URLs.

mod auth;
mod booklets;
mod candidates;
mod follow_ups;
mod members;
mod milestones;
mod oauth;
mod organizations;
mod service_accounts;
mod users;
