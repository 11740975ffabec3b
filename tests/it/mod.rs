//! What the API does, laid out as its URLs.

mod contract_templates;
mod contracts;
mod follow_ups;
mod pledges;
