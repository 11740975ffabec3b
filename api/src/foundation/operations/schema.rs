//! A schema of the API document, with all that it refers to.

use std::sync::OnceLock;

use chrono::{DateTime, FixedOffset, Timelike};
use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::size::longest_list;

/// A schema of the API document, compiled at its first use.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    source: Option<Value>,
    validator: OnceLock<Option<Validator>>,
    longest_list: usize,
}

impl Schema {
    pub(super) fn of(document: &Value, source: Option<&Value>) -> Self {
        let source = source.map(|schema| bundle(document, schema));
        Self {
            longest_list: source.as_ref().map(longest_list).unwrap_or_default(),
            source,
            validator: OnceLock::new(),
        }
    }

    /// The schema itself, with the components that it refers to.
    pub(crate) fn source(&self) -> Option<&Value> {
        self.source.as_ref()
    }

    /// The longest list that it takes anywhere.
    pub(super) fn longest_list(&self) -> usize {
        self.longest_list
    }

    /// Checks values against it; nothing when there is no schema.
    pub(crate) fn validator(&self) -> Option<&Validator> {
        let compile = || {
            jsonschema::options()
                .should_validate_formats(true)
                .with_format("date-time", is_instant)
                // Linear in the text, whatever the text.
                .with_pattern_options(jsonschema::PatternOptions::regex())
                .build(self.source.as_ref()?)
                .inspect_err(|error| tracing::error!(%error, "unusable schema"))
                .ok()
        };
        self.validator.get_or_init(compile).as_ref()
    }
}

/// An instant (RFC 3339). A leap second is none: the databases keep it each in its own way.
fn is_instant(text: &str) -> bool {
    let instant = DateTime::parse_from_rfc3339(text);
    let is_leap = |instant: DateTime<FixedOffset>| instant.nanosecond() >= 1_000_000_000;
    text.get(10..11)
        .is_some_and(|between| between.eq_ignore_ascii_case("t"))
        && instant.is_ok_and(|instant| !is_leap(instant))
}

/// A schema together with the components it refers to, and no others.
fn bundle(document: &Value, schema: &Value) -> Value {
    let mut schemas = Map::new();
    let mut waiting = vec![schema];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Object(object) => {
                let name = object
                    .get("$ref")
                    .and_then(Value::as_str)
                    .and_then(|reference| reference.strip_prefix("#/components/schemas/"));
                if let Some(name) = name
                    && !schemas.contains_key(name)
                    && let Some(found) = document.pointer(&format!("/components/schemas/{name}"))
                {
                    schemas.insert(name.to_owned(), found.clone());
                    waiting.push(found);
                }
                waiting.extend(object.values());
            }
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    json!({ "allOf": [schema], "components": { "schemas": schemas } })
}
