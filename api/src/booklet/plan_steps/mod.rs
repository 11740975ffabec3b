//! The rows of the plan (§05: Objectif / Étape / Durée / Modalité).

pub(crate) mod dto;
pub(crate) mod routes;
pub(crate) mod rules;
pub(crate) mod store;
