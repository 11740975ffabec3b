//! The contract: what stands above the operations, and the pass that adds what they all share.

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::kit::operations::parse_policy;
use crate::kit::problem::{FieldFault, ProblemBody};
use crate::policy;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Livret",
        description = "Le livret d'accompagnement VAE – Compétences Clés, as a service: the contract \
                       between a candidate and a tutor, objectives, a plan built together, action \
                       sheets filled at every appointment, follow-ups, notes and useful addresses.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    components(schemas(ProblemBody, FieldFault)),
    tags(
        (name = "Identity", description = "Sign in, oneself"),
        (name = "Organizations", description = "Training organizations"),
        (name = "People", description = "Users, invitations, service accounts, candidates"),
        (name = "01 Booklets", description = "§01 – the booklet, who accompanies it, how far it has come"),
        (name = "02 Contracts", description = "§02 and §03 – contrat pédagogique, signatures, the organization's pledge"),
        (name = "04 Objectives", description = "§04 – mes objectifs"),
        (name = "05 Plan", description = "§05 – plan d'accompagnement co-construit"),
        (name = "06 Stages", description = "§06 – the five stages of the VAE"),
        (name = "07 Addresses", description = "§07 – adresses utiles and personal contacts"),
        (name = "08 Action sheets", description = "§08 – appointments, action sheets and their items"),
        (name = "09 Completed actions", description = "§09 – bilan des actions"),
        (name = "10 Follow-ups", description = "§10 – suivi"),
        (name = "11 Notes", description = "§11 – notes"),
    ),
    servers((url = "/", description = "This service"))
)]
struct Livret;

/// The whole contract.
pub(crate) fn document() -> Value {
    let described = crate::app::described(Livret::openapi());
    let mut document = serde_json::to_value(described).unwrap_or_default();
    pages_by_name(&mut document);
    add_security(&mut document);
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                if let Some(operation) = operation.as_object_mut() {
                    complete(path, method, operation);
                }
            }
        }
    }
    patches_by_name(&mut document);
    document
}

fn add_security(document: &mut Value) {
    if let Some(document) = document.as_object_mut() {
        document.insert("security".into(), json!([{ "bearer": [] }]));
    }
    if let Some(components) = document
        .get_mut("components")
        .and_then(Value::as_object_mut)
    {
        components.insert(
            "securitySchemes".into(),
            json!({
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The access_token of POST /v1/auth/login."
                }
            }),
        );
        components.insert("responses".into(), shared_answers());
        components.insert("headers".into(), shared_headers());
    }
}

/// `Page<FollowUp>` becomes `FollowUpPage`, and names its items instead of repeating them.
fn pages_by_name(document: &mut Value) {
    let mut renamed = Vec::new();
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        let pages: Vec<String> = schemas
            .keys()
            .filter(|name| name.starts_with("Page_"))
            .cloned()
            .collect();
        for old in pages {
            let Some(mut page) = schemas.remove(&old) else {
                continue;
            };
            let item = old.trim_start_matches("Page_").to_owned();
            if let Some(items) = page.pointer_mut("/properties/items/items") {
                *items = json!({ "$ref": format!("#/components/schemas/{item}") });
            }
            schemas.insert(format!("{item}Page"), page);
            renamed.push((old, format!("{item}Page")));
        }
    }
    for (old, new) in renamed {
        rename(
            document,
            &format!("#/components/schemas/{old}"),
            &format!("#/components/schemas/{new}"),
        );
    }
}

fn rename(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) if text == old => new.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, old, new)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| rename(field, old, new)),
        _ => {}
    }
}

/// A merge patch of `FollowUpInput` is a `FollowUpInputPatch`: the same fields, none required.
fn patches_by_name(document: &mut Value) {
    let Some(schemas) = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
    else {
        return;
    };
    let mut schemas = schemas.clone();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut) {
        let reference = item
            .pointer_mut("/patch/requestBody/content/application~1merge-patch+json/schema/$ref");
        let Some(Value::String(reference)) = reference else {
            continue;
        };
        let name = reference
            .trim_start_matches("#/components/schemas/")
            .to_owned();
        let patch = format!("{name}Patch");
        *reference = format!("#/components/schemas/{patch}");
        if let Some(Value::Object(mut schema)) = schemas.get(&name).cloned() {
            schema.remove("required");
            schemas.insert(patch, Value::Object(schema));
        }
    }
    if let Some(target) = document.pointer_mut("/components/schemas") {
        *target = Value::Object(schemas);
    }
}

/// Adds to an operation what follows from its method, its path and its policy.
fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    let policy = operation
        .get("x-policy")
        .and_then(Value::as_str)
        .and_then(parse_policy);
    if let Some((resource, action)) = policy {
        let roles: Vec<String> = policy::roles(resource, action)
            .map(|role| role.to_string())
            .collect();
        operation.insert("x-roles".into(), json!(roles));
        if let Some(scope) = policy::scope(resource, action) {
            operation.insert("x-scope".into(), json!(scope));
        }
    }
    let has_body = operation.contains_key("requestBody");
    let changes = matches!(method, "patch" | "put" | "delete");
    let is_action = method == "post" && policy.is_some() && path.contains("/{id}/");
    add_path_ids(path, operation);
    if changes || is_action {
        add_if_match(operation, changes);
    }
    let has_version = has_version(operation);
    describe_headers(operation, has_version);

    let mut refusals = vec!["400", "429", "500", "503"];
    if policy.is_some() {
        refusals.extend(["401", "403"]);
    } else {
        refusals.push("401");
    }
    if path.contains('{') {
        refusals.push("404");
    }
    if has_body {
        refusals.extend(["408", "413", "415", "422"]);
    }
    if changes || is_action {
        refusals.extend(["409", "412"]);
    } else if method == "post" {
        refusals.push("409");
    }
    if changes {
        refusals.push("428");
    }
    if let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    {
        if method == "get" && has_version {
            responses.insert(
                "304".into(),
                json!({ "description": "Not changed since it was read" }),
            );
        }
        for status in refusals {
            responses
                .entry(status)
                .or_insert(json!({ "$ref": format!("#/components/responses/Problem{status}") }));
        }
    }
}

fn parameters(operation: &mut Map<String, Value>) -> Option<&mut Vec<Value>> {
    operation
        .entry("parameters")
        .or_insert(json!([]))
        .as_array_mut()
}

/// `{id}` is always a UUID.
fn add_path_ids(path: &str, operation: &mut Map<String, Value>) {
    let is_named = |list: &[Value]| {
        list.iter()
            .any(|parameter| parameter.get("name").and_then(Value::as_str) == Some("id"))
    };
    if let Some(parameters) = parameters(operation)
        && path.contains("{id}")
        && !is_named(parameters)
    {
        let id = json!({
            "name": "id", "in": "path", "required": true,
            "description": "The object's id.",
            "schema": { "type": "string", "format": "uuid" }
        });
        parameters.insert(0, id);
    }
}

fn add_if_match(operation: &mut Map<String, Value>, required: bool) {
    let description = if required {
        "The etag of the object as last read, or `*` for any version."
    } else {
        "The etag of the object as last read: when sent, the action is refused if the object has changed since."
    };
    if let Some(parameters) = parameters(operation) {
        // Its absence has an answer of its own, 428: so it is not `required` here.
        parameters.push(json!({
            "name": "If-Match", "in": "header", "required": false,
            "description": description,
            "schema": { "type": "string", "maxLength": 200 },
            "example": "\"1\""
        }));
    }
}

/// Whether the answer is one object, with a version of its own.
fn has_version(operation: &Map<String, Value>) -> bool {
    let Some(responses) = operation.get("responses") else {
        return false;
    };
    ["200", "201"].iter().any(|status| {
        responses
            .pointer(&format!("/{status}/content/application~1json/schema/$ref"))
            .and_then(Value::as_str)
            .is_some_and(|schema| {
                !["Page", "Tokens", "AccessToken", "Invitation"]
                    .iter()
                    .any(|view| schema.ends_with(view))
            })
    })
}

/// Answers with one object carry its version, new ones their address.
fn describe_headers(operation: &mut Map<String, Value>, has_version: bool) {
    let responses = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        let Some(response) = response.as_object_mut() else {
            continue;
        };
        let mut headers = json!({
            "X-Request-Id": { "$ref": "#/components/headers/RequestId" }
        });
        if has_version {
            headers["ETag"] = json!({ "$ref": "#/components/headers/ETag" });
        }
        if status == "201" {
            headers["Location"] = json!({ "$ref": "#/components/headers/Location" });
        }
        response.insert("headers".into(), headers);
    }
}

fn shared_headers() -> Value {
    json!({
        "RequestId": {
            "description": "Names this request in the service's logs.",
            "schema": { "type": "string" }
        },
        "ETag": {
            "description": "The object's version, for If-Match and If-None-Match; also in the body as etag.",
            "schema": { "type": "string" }
        },
        "Location": {
            "description": "Address of the new object.",
            "schema": { "type": "string" }
        },
        "RetryAfter": {
            "description": "Seconds to wait before the next try.",
            "schema": { "type": "integer", "minimum": 0 }
        }
    })
}

fn shared_answers() -> Value {
    let answers = [
        ("400", "Malformed: JSON, path, query or cursor"),
        ("401", "Who are you: no valid identity"),
        ("403", "Your role never may"),
        ("404", "Not for you, or not there"),
        ("408", "The body did not arrive in time"),
        ("409", "The present state does not allow it"),
        ("412", "Changed since it was read"),
        ("413", "More than 1 MiB"),
        ("415", "Not JSON"),
        ("422", "Invalid: all faults at once, with pointers"),
        ("428", "If-Match is missing"),
        ("429", "Slow down"),
        ("500", "A fault of the service"),
        ("503", "The database does not answer"),
    ];
    answers
        .into_iter()
        .map(|(status, description)| {
            let mut headers =
                json!({ "X-Request-Id": { "$ref": "#/components/headers/RequestId" } });
            if matches!(status, "429" | "503") {
                headers["Retry-After"] = json!({ "$ref": "#/components/headers/RetryAfter" });
            }
            let answer = json!({
                "description": description,
                "headers": headers,
                "content": { "application/problem+json": {
                    "schema": { "$ref": "#/components/schemas/Problem" }
                } }
            });
            (format!("Problem{status}"), answer)
        })
        .collect::<Map<String, Value>>()
        .into()
}
