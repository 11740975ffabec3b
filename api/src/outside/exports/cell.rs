//! From a column's value to what the API writes for it.

use sea_orm::Value;
use serde::Serialize;
use serde_json::Value as Cell;

use crate::kit::{Code, Problem, Result};

/// The value as it stands in JSON: dates and instants in ISO 8601, lists and objects as they are.
///
/// # Errors
/// When a column is of a type that no exported one is: a programming error.
pub(super) fn cell(value: Value) -> Result<Cell> {
    match value {
        Value::Bool(value) => written(value),
        Value::SmallInt(value) => written(value),
        Value::Int(value) => written(value),
        Value::BigInt(value) => written(value),
        Value::String(value) => written(value),
        Value::Uuid(value) => written(value),
        Value::ChronoDate(value) => written(value),
        Value::ChronoDateTimeUtc(value) => written(value),
        Value::Json(value) => written(value),
        _ => Err(Problem::new(Code::InternalError)),
    }
}

fn written(value: impl Serialize) -> Result<Cell> {
    serde_json::to_value(value).or(Err(Problem::new(Code::InternalError)))
}
