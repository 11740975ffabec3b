//! Adds to every operation the example that `openapi/examples.json` records of it: request and
//! answer, as the service itself answered on the demo data.

use serde_json::{Map, Value};

use super::{operations, shared};
use crate::foundation::operations::{JSON_LINES, XLSX};

/// Written by the test `examples`, out of `openapi/examples.txt`.
const RECORD: &str = include_str!("../../../../openapi/examples.json");

/// Adds the recorded examples.
pub(super) fn add_recorded(document: &mut Value) {
    let record: Map<String, Value> = serde_json::from_str(RECORD).unwrap_or_default();
    let mut said = Vec::new();
    for operation in operations(document) {
        add_problems(operation);
        let id = operation.get("operationId").and_then(Value::as_str);
        let Some(example) = id.and_then(|id| record.get(id)) else {
            continue;
        };
        if let Some(account) = example.get("account") {
            operation.insert("x-example-account".into(), account.clone());
        }
        add_parameters(operation, example);
        said.extend(add_body(operation, example));
        add_answer(operation, example);
    }
    for (schema, body) in said {
        if let Some(schema) = document.pointer_mut(schema.trim_start_matches('#')) {
            say_once(schema, body.as_ref());
        }
    }
}

fn add_parameters(operation: &mut Map<String, Value>, example: &Value) {
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let name = parameter.get("name").and_then(Value::as_str);
        let value = name
            .and_then(|name| example.get("parameters")?.get(name))
            .cloned();
        if let Some((parameter, value)) = parameter.as_object_mut().zip(value) {
            parameter.insert("example".into(), value);
        }
    }
}

/// Gives the address of the body's schema, with the body if a form shows it field by field.
fn add_body(
    operation: &mut Map<String, Value>,
    example: &Value,
) -> Option<(String, Option<Value>)> {
    let body = example.get("body")?;
    let content = operation.get_mut("requestBody")?.get_mut("content")?;
    let mut said = None;
    let others = [JSON_LINES, XLSX];
    let content = content.as_object_mut()?.iter_mut();
    for (media_type, media) in content.filter(|(one, _)| !others.contains(&one.as_str())) {
        let is_form = media_type == "application/x-www-form-urlencoded";
        let media = media.as_object_mut()?;
        media.insert("example".into(), body.clone());
        let schema = media
            .get("schema")
            .and_then(|schema| schema.get("$ref")?.as_str());
        said = schema.map(|schema| (schema.to_owned(), is_form.then(|| body.clone())));
    }
    said
}

/// What stands at each operation need not stand in the schema too, which several may share.
fn say_once(schema: &mut Value, form: Option<&Value>) {
    let Some(schema) = schema.as_object_mut() else {
        return;
    };
    schema.remove("example");
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (name, property) in properties.into_iter().flatten() {
        let value = form.and_then(|form| form.get(name));
        if let Some((property, value)) = property.as_object_mut().zip(value) {
            property.insert("example".into(), value.clone());
        }
    }
}

fn add_answer(operation: &mut Map<String, Value>, example: &Value) {
    let responses = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    let answer = example
        .get("status")
        .and_then(Value::as_str)
        .zip(example.get("answer"));
    let Some((responses, (status, answer))) = responses.zip(answer) else {
        return;
    };
    let shown = responses.get(status).and_then(schema).cloned();
    // What is made at an address looks as what was there.
    let same = responses
        .iter_mut()
        .filter(|(status, response)| status.starts_with('2') && schema(response) == shown.as_ref());
    for (_, response) in same {
        let media = response.pointer_mut("/content/application~1json");
        if let Some(media) = media.and_then(Value::as_object_mut) {
            media.insert("example".into(), answer.clone());
        }
    }
}

fn schema(response: &Value) -> Option<&Value> {
    response.pointer("/content/application~1json/schema")
}

/// A refusal that an operation declares itself says what the shared ones do.
fn add_problems(operation: &mut Map<String, Value>) {
    let responses = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        let media = response.pointer_mut("/content/application~1problem+json");
        if let Some((media, problem)) = media
            .and_then(Value::as_object_mut)
            .zip(shared::problem(status))
        {
            media.insert("example".into(), problem);
        }
    }
}
