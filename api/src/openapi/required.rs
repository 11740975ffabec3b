//! Every field of an answer is there, null when empty: so a client need not ask whether it is.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// Requires every property of the schemas that answers are made of and no request is.
pub(super) fn require_answers(document: &mut Value) {
    let mut asked = BTreeSet::new();
    let mut answered = BTreeSet::new();
    let paths = document.get("paths").and_then(Value::as_object);
    let operations = paths
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_object)
        .flat_map(Map::values);
    for operation in operations {
        for part in ["parameters", "requestBody"] {
            reach(document, operation.get(part), &mut asked);
        }
        let responses = operation.get("responses").and_then(Value::as_object);
        for (status, response) in responses.into_iter().flatten() {
            if status.starts_with('2') {
                reach(document, Some(response), &mut answered);
            }
        }
    }
    let schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        if answered.contains(name) && !asked.contains(name) {
            require(schema);
        }
    }
}

/// Notes the schemas that a part of the contract refers to, and those that they refer to.
fn reach(document: &Value, part: Option<&Value>, found: &mut BTreeSet<String>) {
    match part {
        Some(Value::Object(fields)) => {
            let name = fields
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|reference| reference.strip_prefix("#/components/schemas/"));
            if let Some(name) = name
                && found.insert(name.to_owned())
            {
                let schema = document.pointer(&format!("/components/schemas/{name}"));
                reach(document, schema, found);
            }
            for field in fields.values() {
                reach(document, Some(field), found);
            }
        }
        Some(Value::Array(items)) => {
            for item in items {
                reach(document, Some(item), found);
            }
        }
        _ => {}
    }
}

fn require(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::Object(properties)) = fields.get("properties") {
                let names: Vec<&String> = properties.keys().collect();
                let names = json!(names);
                fields.insert("required".into(), names);
            }
            fields.values_mut().for_each(require);
        }
        Value::Array(items) => items.iter_mut().for_each(require),
        _ => {}
    }
}
