//! What the API does, laid out as its URLs.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod access;
mod appointments;
mod booklets;
mod contract_templates;
mod contracts;
mod follow_ups;
mod members;
mod milestones;
mod round_trips;
mod notes;
mod personal_contacts;
mod rows;
mod stages;
mod useful_addresses;
mod vae_stages;
mod objectives;
mod plan;
mod plan_steps;
mod plan_templates;
mod pledges;
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
