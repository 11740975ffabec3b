//! From OpenAPI 3.0.3 to Swagger 2.0: definitions, parameters, answers, security.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::bodies::{parameters_of_body, plain};
use super::schemas::for_each_part;
use super::unions::merge_unions;
use crate::foundation::operations::CSV;
use crate::program::openapi::servers::host;

/// Fields of an operation that both forms have.
const SHARED: [&str; 5] = [
    "tags",
    "summary",
    "description",
    "operationId",
    "deprecated",
];

const JSON: &str = "application/json";
const PROBLEM: &str = "application/problem+json";

/// The same API document as Swagger 2.0.
pub(super) fn from_3_0(mut document: Value) -> Value {
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        merge_unions(schemas);
    }
    super::for_each_schema(&mut document, &as_2_0);
    let part = |path: &str| document.pointer(path).cloned().unwrap_or_else(|| json!({}));
    let mut swagger = json!({
        "swagger": "2.0",
        "info": part("/info"),
        "consumes": [JSON],
        "produces": [JSON, PROBLEM],
        "security": part("/security"),
        "tags": part("/tags"),
        "paths": mapped(&part("/paths"), |item| mapped(item, |operation| operation_of(&document, operation))),
        "definitions": part("/components/schemas"),
        "responses": mapped(&part("/components/responses"), |answer| answer_of(&document, answer)),
        "securityDefinitions": schemes(&document),
    });
    redirect(&mut swagger);
    if let Some(swagger) = swagger.as_object_mut() {
        swagger.extend(host().map(|(name, value)| (name.to_owned(), value)));
    }
    swagger
}

/// Every value of an object, made into another.
fn mapped(object: &Value, make: impl Fn(&Value) -> Value) -> Value {
    let fields = object.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| (name.clone(), make(value)))
        .collect::<Map<_, _>>()
        .into()
}

/// Schemas lose what only 3.0 has words for.
fn as_2_0(schema: &mut Value) {
    let Value::Object(fields) = schema else {
        return;
    };
    for_each_part(fields, &mut as_2_0);
    for (old, kept) in [
        ("nullable", "x-nullable"),
        ("deprecated", "x-deprecated"),
        ("writeOnly", "x-writeOnly"),
    ] {
        if let Some(value) = fields.remove(old) {
            fields.insert(kept.into(), value);
        }
    }
    fields.remove("not");
    // Some platforms take a megabyte: examples stand in the newer forms.
    fields.remove("example");
    if let Some(Value::Array(values)) = fields.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
}

fn operation_of(document: &Value, operation: &Value) -> Value {
    let mut made = Map::new();
    for (name, value) in operation.as_object().into_iter().flatten() {
        if SHARED.contains(&name.as_str()) || name.starts_with("x-") {
            made.insert(name.clone(), value.clone());
        }
    }
    if let Some(security) = operation.get("security") {
        made.insert("security".into(), only_bearer(security));
    }
    let listed = operation.get("parameters").and_then(Value::as_array);
    let mut parameters: Vec<Value> = listed
        .into_iter()
        .flatten()
        .filter(|parameter| parameter.get("in") != Some(&json!("cookie")))
        .map(|parameter| parameter_of(document, parameter))
        .collect();
    if let Some(body) = operation.get("requestBody") {
        let media_types = body.get("content").and_then(Value::as_object);
        let mut consumes: Vec<&String> = media_types.into_iter().flat_map(Map::keys).collect();
        // Clients send a file as the first.
        consumes.sort_by_key(|media_type| *media_type != CSV);
        made.insert("consumes".into(), json!(consumes));
        parameters.extend(parameters_of_body(document, body));
    }
    made.insert("parameters".into(), parameters.into());
    let answers = operation.get("responses").cloned().unwrap_or_default();
    let mut produces = media_types(&answers);
    if !produces.is_empty() && !produces.contains(JSON) {
        produces.insert(PROBLEM);
        made.insert("produces".into(), json!(produces));
    }
    made.insert(
        "responses".into(),
        mapped(&answers, |answer| answer_of(document, answer)),
    );
    made.into()
}

/// The media types of what is answered when all is well.
fn media_types(answers: &Value) -> BTreeSet<&str> {
    let answers = answers.as_object().into_iter().flatten();
    let done = answers.filter(|(status, _)| status.starts_with('2'));
    done.filter_map(|(_, answer)| answer.get("content")?.as_object())
        .flat_map(|content| content.keys().map(String::as_str))
        .collect()
}

/// A parameter's schema stands in the parameter itself.
fn parameter_of(document: &Value, parameter: &Value) -> Value {
    let mut made = plain(document, parameter.get("schema"));
    for (name, value) in parameter.as_object().into_iter().flatten() {
        match name.as_str() {
            "name" | "in" | "required" | "description" => made.insert(name.clone(), value.clone()),
            _ => None,
        };
    }
    if made.get("type") == Some(&json!("array")) && parameter.get("in") == Some(&json!("query")) {
        let with_commas = parameter.get("explode") == Some(&json!(false));
        let format = if with_commas { "csv" } else { "multi" };
        made.insert("collectionFormat".into(), json!(format));
    }
    made.into()
}

fn answer_of(document: &Value, answer: &Value) -> Value {
    if let Some(reference) = answer.get("$ref") {
        return json!({ "$ref": reference });
    }
    let mut made = Map::new();
    made.insert(
        "description".into(),
        answer.get("description").cloned().unwrap_or_default(),
    );
    let headers = answer.get("headers").cloned().unwrap_or_default();
    made.insert(
        "headers".into(),
        mapped(&headers, |header| header_of(document, header)),
    );
    let content = answer.get("content").and_then(Value::as_object);
    for (_, body) in content.into_iter().flatten() {
        if let Some(schema) = body.get("schema") {
            made.insert("schema".into(), schema.clone());
        }
    }
    made.into()
}

fn header_of(document: &Value, header: &Value) -> Value {
    let name = header.get("$ref").and_then(Value::as_str);
    let named = name.and_then(|name| document.pointer(name.trim_start_matches('#')));
    let header = named.unwrap_or(header);
    let mut made = plain(document, header.get("schema"));
    made.insert(
        "description".into(),
        header.get("description").cloned().unwrap_or_default(),
    );
    made.into()
}

/// A bearer token is a key in a header, to be sent with its scheme's name. The token endpoint has no
/// place here, for Swagger 2.0 wants its whole address, which the API document does not know.
fn schemes(document: &Value) -> Value {
    let bearer = document.pointer("/components/securitySchemes/token/description");
    let description = bearer.and_then(Value::as_str).unwrap_or_default();
    json!({ "token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": format!("`Bearer ` and then: {description}"),
    } })
}

/// An operation takes a token, wherever it is from, or none.
fn only_bearer(security: &Value) -> Value {
    let ways = security.as_array().into_iter().flatten();
    ways.filter(|way| way.get("oauth2").is_none())
        .cloned()
        .collect()
}

/// Definitions and answers stand elsewhere.
fn redirect(value: &mut Value) {
    match value {
        Value::String(text) => {
            for (old, new) in [
                ("#/components/schemas/", "#/definitions/"),
                ("#/components/responses/", "#/responses/"),
            ] {
                if let Some(name) = text.strip_prefix(old) {
                    *text = format!("{new}{name}");
                    return;
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(redirect),
        Value::Object(fields) => fields.values_mut().for_each(redirect),
        _ => {}
    }
}
