//! What the API does, laid out as its URLs.

mod booklets;
mod follow_ups;
mod members;
mod milestones;
