//! What is published of the API document: all but the schemas that only the service itself checks with,
//! such as the whole that a merge patch must result in.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

const SCHEMAS: &str = "#/components/schemas/";

/// The document without the schemas that no operation leads to.
pub(crate) fn published(mut document: Value) -> Value {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&Value> = document
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "components")
        .map(|(_, part)| part)
        .collect();
    let shared = document.get("components").and_then(Value::as_object);
    waiting.extend(
        shared
            .into_iter()
            .flatten()
            .filter(|(kind, _)| *kind != "schemas")
            .map(|(_, part)| part),
    );
    while let Some(value) = waiting.pop() {
        match value {
            Value::String(text) => {
                let name = text.strip_prefix(SCHEMAS);
                if let Some(name) = name.filter(|name| reached.insert((*name).to_owned())) {
                    waiting.extend(document.pointer(&format!("/components/schemas/{name}")));
                }
            }
            Value::Array(items) => waiting.extend(items),
            Value::Object(fields) => waiting.extend(fields.values()),
            _ => {}
        }
    }
    let schemas = document.pointer_mut("/components/schemas");
    if let Some(schemas) = schemas.and_then(Value::as_object_mut) {
        let all = std::mem::take(schemas);
        *schemas = all
            .into_iter()
            .filter(|(name, _)| reached.contains(name))
            .collect::<Map<String, Value>>();
    }
    document
}
