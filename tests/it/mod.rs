//! What the API does, laid out as its URLs.

mod booklets;
mod follow_ups;
mod members;
mod milestones;
mod objectives;
mod plan;
mod plan_steps;
mod plan_templates;
