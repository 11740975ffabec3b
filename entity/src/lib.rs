//! The rows of Livret, one file per table, and the values their fields take.
//!
//! A row is a noun: it knows no HTTP and decides nothing.
#![expect(
    missing_docs,
    reason = "each field is documented where people read it: on the dto that shows it"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the code that sea-orm's macros write"
)]

pub mod row;
pub mod values;

pub use row::Row;

pub mod access_entry;
pub mod account_token;
pub mod action_sheet;
pub mod api_key;
pub mod appointment;
pub mod audit_link;
pub mod booklet;
pub mod booklet_member;
pub mod break_glass;
pub mod candidate;
pub mod completed_action;
pub mod contract;
pub mod contract_template;
pub mod event;
pub mod external_reference;
pub mod feed;
pub mod follow_up;
pub mod idempotency_key;
pub mod identity_provider;
pub mod import;
pub mod import_fault;
pub mod import_row;
pub mod invitation;
pub mod mail;
pub mod merged_candidate;
pub mod name_gram;
pub mod note;
pub mod objective;
pub mod organization;
pub mod personal_contact;
pub mod plan;
pub mod plan_step;
pub mod plan_template;
pub mod pledge;
pub mod revoked_token;
pub mod service_account;
pub mod session;
pub mod sheet_answer;
pub mod sheet_item;
pub mod sign_in_limit;
pub mod signature;
pub mod stage_progress;
pub mod useful_address;
pub mod user;
pub mod vae_stage;
pub mod webhook;
pub mod webhook_delivery;
