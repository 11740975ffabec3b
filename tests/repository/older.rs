//! The older forms of the API document say what it says: nothing is lost but what they have no words for.

use std::collections::{BTreeMap, BTreeSet};

use api::program::openapi::{Form, api_document_text};
use serde_json::Value;

/// Words of OpenAPI 3.1 or of JSON Schema that the older forms do not know.
const NEWER: [&str; 8] = [
    "const",
    "contentEncoding",
    "contentMediaType",
    "jsonSchemaDialect",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "webhooks",
];
/// Words of OpenAPI 3.0 that Swagger 2.0 does not know.
const NEWER_THAN_2: [&str; 10] = [
    "anyOf",
    "components",
    "content",
    "mapping",
    "not",
    "nullable",
    "oneOf",
    "requestBody",
    "securitySchemes",
    "servers",
];

fn read(form: Form) -> Value {
    serde_json::from_str(&api_document_text(form)).unwrap()
}

/// Calls something with each field, those named by the API document's own objects included.
fn walk<'a>(value: &'a Value, parent: &'a str, visit: &mut impl FnMut(&str, &str, &'a Value)) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, parent, visit)),
        Value::Object(fields) => {
            for (name, field) in fields {
                visit(parent, name, field);
                let is_data = matches!(name.as_str(), "example" | "examples" | "default" | "enum");
                if parent == "properties" || !is_data && !name.starts_with("x-") {
                    walk(field, name, visit);
                }
            }
        }
        _ => {}
    }
}

/// Each operation with the statuses that it answers.
fn operations(document: &Value) -> BTreeMap<&str, BTreeSet<&str>> {
    let items = document["paths"].as_object().unwrap().values();
    let all = items.flat_map(|item| item.as_object().unwrap().values());
    let described = all.map(|operation| {
        let statuses = operation["responses"].as_object().unwrap().keys();
        let id = operation["operationId"].as_str().unwrap();
        (id, statuses.map(String::as_str).collect())
    });
    described.collect()
}

#[test]
fn the_older_forms_have_the_same_operations_answers_and_schemas() {
    let newest = read(Form::OpenApi31);
    let (older, oldest) = (read(Form::OpenApi30), read(Form::Swagger20));
    assert!(operations(&newest).len() >= 140);
    assert_eq!(operations(&newest), operations(&older));
    assert_eq!(operations(&newest), operations(&oldest));
    let names = |schemas: &Value| {
        schemas
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    let schemas = names(&newest["components"]["schemas"]);
    assert_eq!(schemas, names(&older["components"]["schemas"]));
    assert_eq!(schemas, names(&oldest["definitions"]));
}

#[test]
fn every_reference_of_the_older_forms_leads_somewhere_and_stands_alone() {
    for form in [Form::OpenApi30, Form::Swagger20] {
        let document = read(form);
        let mut references = 0;
        walk(&document, "", &mut |_, name, value| {
            if let Some(reference) = value.as_str().filter(|_| name == "$ref") {
                references += 1;
                let target = document.pointer(reference.trim_start_matches('#'));
                assert!(target.is_some(), "{form:?}: {reference}");
            }
            let is_schema = value.get("$ref").is_some_and(Value::is_string);
            assert!(
                !is_schema || value.as_object().unwrap().len() == 1,
                "{value}"
            );
        });
        assert!(references > 1000, "{form:?}");
    }
}

#[test]
fn the_older_forms_use_no_newer_word() {
    for (form, newer) in [
        (Form::OpenApi30, NEWER.to_vec()),
        (Form::Swagger20, [NEWER.as_slice(), &NEWER_THAN_2].concat()),
    ] {
        walk(&read(form), "", &mut |parent, name, value| {
            let is_word = parent != "properties" && parent != "definitions" && parent != "schemas";
            assert!(
                !is_word || !newer.contains(&name),
                "{form:?}: {name} in {parent}"
            );
            assert!(
                !is_word || name != "type" || value.is_string(),
                "{form:?}: {value}"
            );
        });
    }
}

#[test]
fn what_may_be_null_is_so_in_the_older_forms_too() {
    let (newest, older) = (read(Form::OpenApi31), read(Form::OpenApi30));
    let oldest = read(Form::Swagger20);
    let mut nullable = 0;
    for (name, schema) in newest["components"]["schemas"].as_object().unwrap() {
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            let null = Value::from("null");
            let among_types = property["type"]
                .as_array()
                .is_some_and(|types| types.contains(&null));
            let branches = property["oneOf"].as_array();
            let among_branches = branches
                .is_some_and(|branches| branches.iter().any(|branch| branch["type"] == null));
            let is_nullable = among_types || among_branches;
            nullable += usize::from(is_nullable);
            let old = &older["components"]["schemas"][name]["properties"][field];
            let oldest = &oldest["definitions"][name]["properties"][field];
            assert_eq!(old["nullable"] == true, is_nullable, "{name}.{field}");
            assert_eq!(oldest["x-nullable"] == true, is_nullable, "{name}.{field}");
        }
    }
    assert!(nullable > 100, "{nullable}");
}

#[test]
fn swagger_2_0_has_no_examples() {
    walk(&read(Form::Swagger20), "", &mut |parent, name, _| {
        let is_word = parent != "properties";
        assert!(
            !is_word || !["example", "examples", "x-example"].contains(&name),
            "{name} in {parent}"
        );
    });
}
