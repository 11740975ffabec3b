//! The API document tells its readers everything: what each thing means, and how large it may be.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use api::program::openapi::Form;
use serde_json::{Map, Value};

pub(crate) static API_DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(&api::program::openapi::api_document_text(Form::OpenApi31)).unwrap()
});

/// The objects of the document with their addresses, what they refer to apart.
fn objects() -> Vec<(String, &'static Map<String, Value>)> {
    let mut found = Vec::new();
    let mut waiting = vec![(String::from("#"), &*API_DOCUMENT)];
    while let Some((at, value)) = waiting.pop() {
        match value {
            Value::Object(fields) => {
                found.push((at.clone(), fields));
                let parts = fields.iter().filter(|(name, _)| {
                    !matches!(name.as_str(), "example" | "examples" | "default")
                });
                waiting.extend(parts.map(|(name, part)| {
                    (
                        format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                        part,
                    )
                }));
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                waiting.extend(items.map(|(index, item)| (format!("{at}/{index}"), item)));
            }
            _ => {}
        }
    }
    found
}

pub(crate) fn operations() -> Vec<(String, &'static Value)> {
    let paths = API_DOCUMENT["paths"].as_object().unwrap();
    let methods = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{method} {path}"), operation))
    });
    methods.collect()
}

fn says(value: &Value, field: &str) -> bool {
    value[field].as_str().is_some_and(|text| !text.is_empty())
}

#[test]
fn everything_is_described() {
    let mut silent = Vec::new();
    for (name, operation) in operations() {
        // Tools for agents show it alone, without the chapter or the objects around it.
        let description = operation["description"].as_str().unwrap_or_default();
        if !says(operation, "summary") || description.chars().count() < 45 {
            silent.push(name.clone());
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            if !says(parameter, "description") {
                silent.push(format!("{name} {}", parameter["name"]));
            }
        }
        for (status, answer) in operation["responses"].as_object().unwrap() {
            if !says(answer, "description") && answer.get("$ref").is_none() {
                silent.push(format!("{name} {status}"));
            }
        }
    }
    for (at, object) in objects() {
        let properties = object.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let named = property.get("$ref").is_some() || property.get("oneOf").is_some();
            if !says(property, "description") && !named {
                silent.push(format!("{at} {name}"));
            }
        }
    }
    let tags = API_DOCUMENT["tags"].as_array().unwrap().iter();
    let schemas = API_DOCUMENT["components"]["schemas"].as_object().unwrap();
    for named in tags.chain(schemas.values()) {
        if !says(named, "description") {
            silent.push(named.to_string());
        }
    }
    assert!(silent.is_empty(), "not described: {silent:#?}");
}

#[test]
fn every_operation_stands_in_a_chapter_and_says_who_may_call_it() {
    let tags = API_DOCUMENT["tags"].as_array().unwrap();
    let tags: BTreeSet<&str> = tags.iter().filter_map(|tag| tag["name"].as_str()).collect();
    for (name, operation) in operations() {
        let tag = operation["tags"][0].as_str().unwrap_or_default();
        assert!(
            tags.contains(tag),
            "{name}: the chapter {tag:?} is not in api/src/program/openapi/mod.rs"
        );
        let is_open = operation["security"]
            .as_array()
            .is_some_and(|ways| ways.is_empty() || ways.contains(&serde_json::json!({})));
        let has_roles = operation["x-roles"]
            .as_array()
            .is_some_and(|roles| !roles.is_empty());
        assert!(
            is_open != has_roles,
            "{name}: nobody may call it: its cell is missing in api/src/foundation/policy.rs"
        );
        let scope = operation["x-scope"].as_str();
        if let Some(scope) = scope {
            let scopes = &API_DOCUMENT["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"]
                ["scopes"];
            assert!(scopes.get(scope).is_some(), "{name}: {scope}");
        }
    }
}

#[test]
fn bodies_take_no_field_that_is_not_declared() {
    for (name, operation) in operations() {
        let Some(content) = operation["requestBody"]["content"].as_object() else {
            continue;
        };
        for (media_type, body) in content {
            // OAuth 2.0 ignores parameters that it does not know (RFC 6749, section 3.2).
            if media_type == "application/x-www-form-urlencoded" {
                continue;
            }
            // Files: what their rows may hold is judged row by row, which `imports` tests.
            if body["schema"]["format"] == "binary" {
                continue;
            }
            let schema = body["schema"]["$ref"].as_str().unwrap();
            let schema = API_DOCUMENT
                .pointer(schema.trim_start_matches('#'))
                .unwrap();
            assert_eq!(schema["additionalProperties"], false, "{name}");
        }
    }
}
