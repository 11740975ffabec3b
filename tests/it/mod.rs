//! What the API does, laid out as its URLs.

mod booklets;
mod contract_templates;
mod contracts;
mod follow_ups;
mod members;
mod milestones;
mod pledges;
