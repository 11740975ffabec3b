//! `openapi/examples.txt`: a line for each operation.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use tests::{Demo, Operation};

use super::request::Request;

const LINES: &str = include_str!("../../../openapi/examples.txt");

/// The requests that the lines make of this API document; every operation has one.
pub(super) fn requests(contract: &'static Value, demo: &Demo) -> Vec<Request> {
    let lines = LINES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut lines: BTreeMap<&str, &str> = lines.map(|line| line.split_once(' ').unwrap()).collect();
    let operations = Operation::all_in(contract);
    let silent: Vec<&str> = operations
        .iter()
        .map(|operation| operation.id.as_str())
        .filter(|id| !lines.contains_key(id))
        .collect();
    assert!(
        silent.is_empty(),
        "openapi/examples.txt says nothing of {silent:?}"
    );
    let requests = operations.into_iter().map(|operation| {
        let line = lines.remove(operation.id.as_str()).unwrap();
        request(contract, operation, line, demo)
    });
    let requests = requests.collect();
    assert!(
        lines.is_empty(),
        "openapi/examples.txt: no such operations: {lines:?}"
    );
    requests
}

/// `<account> [<parameter>=<value> …] [<body>]`.
fn request(contract: &Value, operation: Operation, line: &str, demo: &Demo) -> Request {
    let body = line.find(" {").or_else(|| line.find(" \""));
    let (head, body) = line.split_at(body.unwrap_or(line.len()));
    let mut words = head.split_whitespace();
    let account = words
        .next()
        .unwrap_or_else(|| panic!("no account: {line}"))
        .to_owned();
    let mut parameters = Map::new();
    for parameter in operation.parameters() {
        if let Some(example) = parameter.get("example") {
            parameters.insert(
                parameter["name"].as_str().unwrap().to_owned(),
                example.clone(),
            );
        }
    }
    // Its version is that of the object, which the request finds out.
    parameters.remove("If-Match");
    for word in words {
        let (name, value) = word
            .split_once('=')
            .unwrap_or_else(|| panic!("no value: {word}"));
        let parameter = operation
            .parameters()
            .find(|parameter| parameter["name"] == name);
        let parameter = parameter.unwrap_or_else(|| panic!("{} has no {name}", operation.id));
        parameters.insert(
            name.to_owned(),
            typed(&parameter["schema"], &named(value, demo)),
        );
    }
    let mut body = match body {
        "" => declared_body(contract, &operation),
        body => Some(serde_json::from_str(body).unwrap()),
    };
    if let Some(body) = &mut body {
        resolve(body, demo);
    }
    Request {
        operation,
        account,
        parameters,
        body,
    }
}

/// The example beside the DTO.
fn declared_body(contract: &Value, operation: &Operation) -> Option<Value> {
    let (_, media) = operation.media()?;
    let schema = media["schema"]["$ref"].as_str()?;
    let schema = contract.pointer(schema.trim_start_matches('#'))?;
    schema.get("example").cloned()
}

/// As the schema wants it: a truth or a number is written without quotes.
fn typed(schema: &Value, text: &str) -> Value {
    let types = &schema["type"];
    let is = |kind: &str| {
        *types == kind
            || types
                .as_array()
                .is_some_and(|types| types.contains(&kind.into()))
    };
    if is("boolean") || is("integer") {
        text.parse().unwrap()
    } else if is("array") {
        text.split(',').collect()
    } else {
        text.into()
    }
}

/// Puts ids in the place of names.
fn resolve(value: &mut Value, demo: &Demo) {
    match value {
        Value::String(text) => *text = named(text, demo),
        Value::Array(values) => values.iter_mut().for_each(|value| resolve(value, demo)),
        Value::Object(fields) => fields.values_mut().for_each(|value| resolve(value, demo)),
        _ => {}
    }
}

fn named(text: &str, demo: &Demo) -> String {
    let Some(name) = text.strip_prefix('$') else {
        return text.to_owned();
    };
    let id = demo.names.get(name);
    id.unwrap_or_else(|| panic!("the stories call nothing {name}"))
        .clone()
}
