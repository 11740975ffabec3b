//! What travels about acts on a booklet: why, with what outcome, and on which day.

use chrono::NaiveDate;
use entity::values::Outcome;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Why.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Arrêt maladie de la candidate, reprise prévue en janvier."}))]
pub(crate) struct Reason {
    /// Why, in a sentence.
    #[schema(min_length = 1, max_length = 2000)]
    pub(super) reason: String,
}

/// Why a candidate gives up, and since when.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "La candidate a trouvé un emploi.", "closed_on": "2026-11-20"}))]
pub(crate) struct Withdrawal {
    /// Why, in a sentence.
    #[schema(min_length = 1, max_length = 2000)]
    pub(super) reason: String,
    /// The day of the withdrawal, today or before, but not before the booklet was opened. Default: today.
    #[serde(default)]
    pub(super) closed_on: Option<NaiveDate>,
}

/// How a booklet ends.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"outcome": "full", "reason": "Certification obtenue."}))]
pub(crate) struct Closing {
    /// What the jury granted.
    pub(super) outcome: Outcome,
    /// A word on it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    pub(super) reason: Option<String>,
    /// The day of the closing, today or before, but not before the booklet was opened. Default: today.
    #[serde(default)]
    pub(super) closed_on: Option<NaiveDate>,
}
