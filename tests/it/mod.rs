//! What the API does, laid out as its URLs.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod access;
mod appointments;
mod booklets;
mod follow_ups;
mod members;
mod milestones;
mod notes;
mod personal_contacts;
mod round_trips;
mod rows;
mod stages;
mod useful_addresses;
mod vae_stages;
