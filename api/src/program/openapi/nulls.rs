//! One rule for null: what may be left out of a body may be null there, and says the same.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::operations;
use super::required::{answered_by, reach};

/// The media types of bodies in JSON: forms have no null.
const BODIES: [&str; 2] = ["application/json", "application/merge-patch+json"];

/// Says so of what is sent in JSON, and never answered.
pub(super) fn take_nulls(document: &mut Value) {
    let bodies: Vec<Value> = operations(document)
        .filter_map(|operation| operation.get("requestBody")?.get("content"))
        .flat_map(|content| BODIES.map(|kind| content.get(kind).cloned()))
        .flatten()
        .collect();
    let mut sent = BTreeSet::new();
    for body in &bodies {
        reach(document, Some(body), &mut sent);
    }
    let answered = answered_by(document);
    let schemas = document.pointer_mut("/components/schemas");
    let schemas = schemas.and_then(Value::as_object_mut).into_iter().flatten();
    for (_, schema) in schemas.filter(|(name, _)| sent.contains(*name) && !answered.contains(*name))
    {
        let needed = schema.get("required").and_then(Value::as_array);
        let needed = needed.cloned().unwrap_or_default();
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        for (name, property) in properties.into_iter().flatten() {
            if !needed.contains(&json!(name)) {
                take_null(property);
            }
        }
    }
}

fn take_null(property: &mut Value) {
    let Some(property) = property.as_object_mut() else {
        return;
    };
    if let Some(reference) = property.remove("$ref") {
        let either = json!([{ "type": "null" }, { "$ref": reference }]);
        property.insert("oneOf".into(), either);
    } else if let Some(kind @ Value::String(_)) = property.get_mut("type") {
        *kind = json!([kind, "null"]);
        if let Some(values) = property.get_mut("enum").and_then(Value::as_array_mut) {
            values.push(Value::Null);
        }
    }
}
