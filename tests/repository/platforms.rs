//! The bounds that platforms publish for the documents that they read. Neither publishes one for how deep
//! objects are nested.

use api::program::openapi::{Form, api_document_text};
use serde_json::{Map, Value};

/// As the service answers it: minified.
fn served(form: Form) -> (Value, usize) {
    let document: Value = serde_json::from_str(&api_document_text(form)).unwrap();
    let size = document.to_string().chars().count();
    (document, size)
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &Map<String, Value>)> {
    let items = document["paths"].as_object().unwrap().values();
    let all = items.flat_map(|item| item.as_object().unwrap());
    all.map(|(method, operation)| (method.as_str(), operation.as_object().unwrap()))
}

fn parameters(operation: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let parameters = operation.get("parameters").and_then(Value::as_array);
    parameters.into_iter().flatten()
}

/// Power Automate, Power Apps and Logic Apps: learn.microsoft.com, "Create a custom connector from an OpenAPI definition"
/// (the size, the form, the security definition) and "Fix Swagger Validator errors" (the rest), read in November 2026. No number
/// of operations is published.
#[test]
fn swagger_2_0_is_what_power_platform_takes() {
    let (document, size) = served(Form::Swagger20);
    assert!(size < 1_000_000, "{size} characters");
    assert_eq!(document["swagger"], "2.0");
    // It takes the first one, and does not know client credentials.
    let schemes = document["securityDefinitions"].as_object().unwrap();
    let kinds: Vec<_> = schemes.values().map(|scheme| &scheme["type"]).collect();
    assert_eq!(kinds, ["apiKey"]);
    for (path, _) in document["paths"].as_object().unwrap() {
        assert!(
            path.starts_with('/') && !path.contains(['*', '?', '#']),
            "{path}"
        );
    }
    for (method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap();
        let bodies = parameters(operation)
            .filter(|parameter| parameter["in"] == "body")
            .count();
        assert!(
            bodies <= usize::from(method != "get"),
            "{id}: {bodies} bodies"
        );
        for parameter in parameters(operation) {
            assert_ne!(parameter["name"], "connectionId", "{id}");
            let is_whole = parameter["type"] != "array" || parameter["items"].is_object();
            assert!(is_whole, "{id} {}", parameter["name"]);
        }
        let answers = operation["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.starts_with('2')), "{id}");
        for text in ["summary", "description"] {
            assert!(!operation[text].as_str().unwrap().is_empty(), "{id}");
        }
    }
}

/// What External Services know: a file is a `binary`, which they do not send as a body.
const SALESFORCE_METHODS: [&str; 5] = ["delete", "get", "patch", "post", "put"];
const SALESFORCE_TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Salesforce External Services: help.salesforce.com, "System Limits" (platform.external_services_schema_def_limits), "Schema
/// Definitions" (…_definition), "Naming and Description Conventions" and "Apex Class Names and Developer Names", read in November 2026. The
/// numbers are an org's: one service that took them all would leave the others none.
#[test]
fn the_older_forms_are_what_external_services_take() {
    for form in [Form::OpenApi30, Form::Swagger20] {
        let (document, size) = served(form);
        assert!(size < 10_000_000, "{form:?}: {size} characters");
        let objects = match form {
            Form::Swagger20 => &document["definitions"],
            _ => &document["components"]["schemas"],
        };
        let objects = objects.as_object().unwrap();
        assert!(objects.len() < 3_000, "{form:?}: {} objects", objects.len());
        let properties = objects
            .values()
            .filter_map(|object| object["properties"].as_object());
        let properties: usize = properties.map(Map::len).sum();
        assert!(properties < 400_000, "{form:?}: {properties} properties");
        assert!(operations(&document).count() < 3_000, "{form:?}");
        for (name, object) in objects {
            assert!(
                name.len() <= 80 && name.chars().all(|letter| letter.is_ascii_alphanumeric()),
                "{name}"
            );
            if let Some(kind) = object["type"].as_str() {
                assert!(SALESFORCE_TYPES.contains(&kind), "{name}: {kind}");
            }
        }
        for (method, operation) in operations(&document) {
            let id = operation["operationId"].as_str().unwrap();
            assert!(SALESFORCE_METHODS.contains(&method), "{id}: {method}");
            assert!(id.len() <= 80, "{id}");
            // What is longer is cut.
            let texts = parameters(operation).chain([&operation["description"]]);
            let texts =
                texts.filter_map(|text| text.as_str().or_else(|| text["description"].as_str()));
            for text in texts {
                let length = text.chars().count();
                assert!(length <= 1_333, "{id}: {length} characters: {text}");
            }
            for parameter in parameters(operation) {
                assert!(parameter["name"].is_string(), "{id}");
            }
        }
    }
}
