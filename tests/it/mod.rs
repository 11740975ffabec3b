//! What the API does, laid out as its URLs.

mod appointments;
mod booklets;
mod follow_ups;
mod members;
mod milestones;
mod notes;
mod personal_contacts;
mod rows;
mod stages;
mod useful_addresses;
mod vae_stages;
