//! The rows of the plan (§05: Objectif / Étape / Durée / Modalité).

pub(crate) mod dto;
pub(crate) mod routes;
mod rules;
pub(crate) mod store;
