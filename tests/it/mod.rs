//! What the API does, laid out as its URLs.

mod action_sheets;
mod booklets;
mod completed_actions;
mod follow_ups;
mod members;
mod milestones;
mod sheet_items;
