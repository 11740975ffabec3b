//! Fields of an answer that may be null are there all the same: a client need not ask twice.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// A problem leaves out what it has nothing to say of, also where the catalogue shows one.
const PROBLEM: &str = "Problem";

/// Requires what may be null in the schemas that answers are made of and no request is.
pub(super) fn require_answers(document: &mut Value) {
    let mut asked = BTreeSet::new();
    let answered = answered_by(document);
    let mut included = BTreeSet::new();
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
        included.extend(parts(operation));
    }
    let schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        if answered.contains(name) && !asked.contains(name) && name != PROBLEM {
            require(schema, &included);
        }
    }
}

/// What is there only when `include` asks for it.
fn parts(operation: &Value) -> impl Iterator<Item = String> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters
        .into_iter()
        .flatten()
        .filter(|parameter| parameter.get("name") == Some(&json!("include")))
        .filter_map(|parameter| parameter.pointer("/schema/items/enum")?.as_array())
        .flatten()
        .filter_map(|name| name.as_str().map(ToOwned::to_owned))
}

/// The schemas that answers are made of.
pub(super) fn answered_by(document: &Value) -> BTreeSet<String> {
    let mut answered = BTreeSet::new();
    let paths = document.get("paths").and_then(Value::as_object);
    let items = paths.into_iter().flat_map(Map::values);
    let operations = items.filter_map(Value::as_object).flat_map(Map::values);
    for operation in operations {
        let responses = operation.get("responses").and_then(Value::as_object);
        for (status, response) in responses.into_iter().flatten() {
            if status.starts_with('2') {
                reach(document, Some(response), &mut answered);
            }
        }
    }
    answered
}

/// Notes the schemas that a part of the API document refers to, and those that they refer to.
pub(super) fn reach(document: &Value, part: Option<&Value>, found: &mut BTreeSet<String>) {
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

fn require(schema: &mut Value, included: &BTreeSet<String>) {
    match schema {
        Value::Object(fields) => {
            let properties = fields.get("properties").and_then(Value::as_object);
            let nullable: Vec<Value> = properties
                .into_iter()
                .flatten()
                .filter(|(name, property)| {
                    let is_part = included.contains(*name) && is_asked_for(property);
                    !is_part && is_nullable(property)
                })
                .map(|(name, _)| json!(name))
                .collect();
            if !nullable.is_empty()
                && let Value::Array(required) = fields.entry("required").or_insert(json!([]))
            {
                required.extend(nullable);
                required.sort_by(|one, other| one.as_str().cmp(&other.as_str()));
                required.dedup();
            }
            for field in fields.values_mut() {
                require(field, included);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| require(item, included)),
        _ => {}
    }
}

/// Another schema may have a field of a part's name: only the part's own says what asks for it.
fn is_asked_for(property: &Value) -> bool {
    let description = property.get("description").and_then(Value::as_str);
    description.is_some_and(|text| text.contains("`include="))
}

fn is_nullable(property: &Value) -> bool {
    let null = json!("null");
    let is_null = |kind: &Value| *kind == null || kind.get("type") == Some(&null);
    ["type", "oneOf"]
        .iter()
        .filter_map(|name| property.get(name)?.as_array())
        .flatten()
        .any(is_null)
}
