//! The parameters that follow from what an operation is: ids, versions, preferences.

use serde_json::{Map, Value, json};

/// Whether it has a parameter of this name.
pub(super) fn takes(operation: &Map<String, Value>, name: &str) -> bool {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters.is_some_and(|list| {
        list.iter()
            .any(|parameter| parameter.get("name") == Some(&json!(name)))
    })
}

fn parameters(operation: &mut Map<String, Value>) -> Option<&mut Vec<Value>> {
    operation
        .entry("parameters")
        .or_insert(json!([]))
        .as_array_mut()
}

/// `{id}` is always a UUID.
pub(super) fn add_path_ids(path: &str, operation: &mut Map<String, Value>) {
    if path.contains("{id}")
        && !takes(operation, "id")
        && let Some(parameters) = parameters(operation)
    {
        let id = json!({
            "name": "id", "in": "path", "required": true,
            "description": "The object's id.",
            "schema": { "type": "string", "format": "uuid" }
        });
        parameters.insert(0, id);
    }
}

/// The version that a change demands; actions and PUTs under another system's id say theirs with
/// `params(IfMatch)` and `params(PutCondition)`.
pub(super) fn add_if_match(operation: &mut Map<String, Value>) {
    if let Some(parameters) = parameters(operation) {
        // Its absence has an answer of its own, 428: so it is not `required` here.
        parameters.push(json!({
            "name": "If-Match", "in": "header", "required": false,
            "description": "The etag of the object as last read, or `*` for any version.",
            "schema": { "type": "string", "maxLength": 200 },
            "example": "\"1\""
        }));
    }
}

pub(super) fn add_if_none_match(operation: &mut Map<String, Value>) {
    if let Some(parameters) = parameters(operation) {
        parameters.push(json!({
            "name": "If-None-Match", "in": "header", "required": false,
            "description": "The etag of the object as last read: when it is still that, the answer is 304, without a body.",
            "schema": { "type": "string", "maxLength": 200 },
            "example": "\"0\""
        }));
    }
}

pub(super) fn add_dry_run(operation: &mut Map<String, Value>) {
    if let Some(parameters) = parameters(operation) {
        parameters.push(json!({
            "name": "Prefer", "in": "header", "required": false,
            "description": "`dry-run`: answer what this request would, and change nothing. Other preferences count for nothing (RFC 7240).",
            "schema": { "type": "string", "maxLength": 200 },
            // Harmless: what Swagger UI fills in beforehand is done.
            "example": "return=representation"
        }));
    }
}

pub(super) fn add_idempotency_key(operation: &mut Map<String, Value>) {
    if let Some(parameters) = parameters(operation) {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "Names this request, so that it can be sent again after a lost answer: it has one effect, and for 24 hours the same answer. A new UUID for each new request.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" },
            "example": "5f0c6a52-8d0e-4c8f-9d5e-0c1f7f3a2b61"
        }));
    }
}
