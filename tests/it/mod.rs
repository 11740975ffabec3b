//! What the API does, laid out as its URLs.

mod access;
mod booklets;
mod follow_ups;
mod members;
mod milestones;
mod round_trips;
