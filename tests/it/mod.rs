//! What the API does, laid out as its URLs.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod access;
mod accesses;
mod account;
mod action_sheets;
mod actions;
mod appointments;
mod auth;
mod backups;
mod booklets;
mod break_glass;
mod candidates;
mod changes;
mod completed_actions;
mod contract_templates;
mod contracts;
mod demo;
mod dry_run;
mod examples;
mod exchange;
mod exports;
mod external_ids;
mod follow_ups;
mod full;
mod idempotency;
pub(crate) mod imports;
mod include;
mod journey;
mod keys;
mod kinds;
mod labels;
mod lists;
mod mails;
mod manners;
mod members;
mod metrics;
mod milestones;
mod news;
mod notes;
pub(crate) mod oauth;
mod objectives;
mod organizations;
mod pages;
mod personal_contacts;
mod plan;
mod plan_steps;
mod plan_templates;
mod pledges;
mod problems;
mod rate_limits;
mod round_trips;
mod rows;
mod schema;
mod search;
mod security;
mod service_accounts;
mod sessions;
mod sheet_items;
mod single_sign_on;
mod stages;
mod to_do;
mod transactions;
mod upgrades;
mod useful_addresses;
mod users;
mod vae_stages;
mod walks;
mod webhooks;
