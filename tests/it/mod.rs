//! What the API does, laid out as its URLs.

mod follow_ups;
mod objectives;
mod plan;
mod plan_steps;
mod plan_templates;
