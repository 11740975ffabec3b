//! The API document, as a yardstick for every answer.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex};

use api::program::openapi::Form;
use jsonschema::Validator;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::seen;

/// The generated API document; another test compares it to the committed file.
pub(crate) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(&api::program::openapi::api_document_text(Form::OpenApi31)).unwrap()
});

/// The API document before examples are recorded, with what only the service itself checks with.
static DECLARED: LazyLock<Value> = LazyLock::new(api::program::openapi::declared_api_document);

/// The API document as the code declares it.
pub fn declared() -> &'static Value {
    &DECLARED
}

/// The generated API document.
pub fn api_document() -> &'static Value {
    &DOCUMENT
}

/// By schema, as text: many answers have the same.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Fails unless the API document declares this answer.
pub(crate) fn check(method: &Method, path: &str, status: u16, headers: &HeaderMap, body: &Value) {
    let path = path.split('?').next().unwrap_or_default();
    let method = method.as_str().to_lowercase();
    let Some((template, operation)) = operation(&method, path) else {
        return;
    };
    let response = operation["responses"].get(status.to_string());
    let Some(response) = response else {
        panic!(
            "{method} {template} answered {status}, which the API document does not declare: {body:#}"
        );
    };
    let id = operation["operationId"].as_str().unwrap();
    let response = resolve(response);
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        assert!(
            resolve(header)["required"] != true || headers.contains_key(name.as_str()),
            "{method} {template} {status}: the header {name} is missing"
        );
    }
    let Some(content) = response["content"].as_object() else {
        assert!(
            body.is_null(),
            "{method} {template} {status}: a body that is not declared"
        );
        return seen::note(id, status);
    };
    let sent = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok());
    let declared = sent.and_then(|sent| {
        let media_type = sent.split(';').next()?;
        Some((media_type, content.get(media_type)?))
    });
    let Some((media_type, content)) = declared else {
        panic!("{method} {template} {status}: {sent:?} is not declared");
    };
    // The others hold files.
    if !is_json(media_type) {
        return seen::note(id, status);
    }
    let faults: Vec<String> = validator(&content["schema"])
        .iter_errors(body)
        .map(|error| format!("{} {error}", error.instance_path()))
        .collect();
    assert!(
        faults.is_empty(),
        "{path} {status} breaks the API document: {faults:#?}\n{body:#}"
    );
    seen::note(id, status);
}

/// Whether bodies of this media type are one JSON value each; JSON Lines are many.
pub fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

/// Fails unless the API document declares this message of a webhook.
pub fn check_message(headers: &HeaderMap, body: &Value) {
    let kind = body["type"].as_str().unwrap_or_default();
    let name = if kind.starts_with("webhook.") {
        "test"
    } else {
        "change"
    };
    let message = &DOCUMENT["webhooks"][name]["post"];
    for header in message["parameters"].as_array().unwrap() {
        let name = header["name"].as_str().unwrap();
        assert!(headers.contains_key(name), "{kind}: {name} is missing");
    }
    let schema = &message["requestBody"]["content"]["application/json"]["schema"];
    let validator = validator(schema);
    let faults: Vec<_> = validator.iter_errors(body).collect();
    assert!(faults.is_empty(), "{kind}: {faults:#?}");
}

fn validator(schema: &Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().unwrap();
    let validator = validators.entry(schema.to_string()).or_insert_with(|| {
        let schema = json!({ "allOf": [schema], "components": DOCUMENT["components"] });
        let options = jsonschema::options().should_validate_formats(true);
        Arc::new(options.build(&schema).unwrap())
    });
    validator.clone()
}

/// The operation at this address; of two, the first fixed segment wins over a variable one.
fn operation(method: &str, path: &str) -> Option<(String, &'static Value)> {
    let document: &'static Value = &DOCUMENT;
    let mut found: Vec<(&String, &Value)> = document["paths"]
        .as_object()?
        .iter()
        .filter(|(template, _)| matches(template, path))
        .collect();
    found.sort_by_key(|(template, _)| {
        let variables = template.split('/').map(|one| one.starts_with('{'));
        variables.collect::<Vec<_>>()
    });
    let (template, item) = found.first()?;
    Some(((*template).clone(), item.get(method)?))
}

fn matches(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template
            .iter()
            .zip(&path)
            .all(|(want, have)| want.starts_with('{') || want == have)
}

/// What is named, when it is a reference.
fn resolve(response: &'static Value) -> &'static Value {
    match response["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
        None => response,
    }
}
