//! « Nos engagements pour vous accompagner » (§03): what the organization promises, copied into
//! each contract. Reached like contract templates, under the same rights.

mod dto;
pub(crate) mod routes;
