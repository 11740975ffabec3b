//! What follows for an operation from its method and its policy. Where an operation differs, its
//! handler says so: an action declares `params(IfMatch)`, an upsert `params(PutCondition)`; `x-never`
//! lists statuses that these rules promise in vain, `x-also` those that they do not promise; `x-tagged`
//! says that an answer has an `ETag` though it is no object.

mod describe;

use std::collections::BTreeSet;

use entity::values::Role;
use serde_json::{Map, Value, json};

use self::describe::{describe_headers, describe_preferences, name_optional_body};
use super::clients::{describe_files, need_nothing, never_null};
use super::parameters::{
    add_dry_run, add_idempotency_key, add_if_match, add_if_none_match, add_path_ids, takes,
};
use super::security::accept_programs;
use super::shared::headers;
use crate::foundation::operations::parse_policy;
use crate::foundation::policy;

/// Adds to an operation what follows from its method, its path and its policy.
pub(super) fn complete(
    path: &str,
    method: &str,
    operation: &mut Map<String, Value>,
    versioned: &BTreeSet<String>,
) {
    let policy = operation
        .get("x-policy")
        .and_then(Value::as_str)
        .and_then(parse_policy);
    if let Some((resource, action)) = policy {
        let roles: Vec<Role> = policy::roles(resource, action).collect();
        operation.insert("x-roles".into(), json!(roles));
        if roles.contains(&Role::Integration)
            && let Some(scope) = policy::scope(resource, action)
        {
            operation.insert("x-scope".into(), json!(scope));
        }
        if policy::by_break_glass(resource, action) {
            operation.insert("x-break-glass".into(), json!(true));
        }
        accept_programs(operation);
    }
    let has_body = operation.contains_key("requestBody");
    describe_files(operation);
    need_nothing(operation);
    never_null(operation);
    name_optional_body(operation);
    let changes = matches!(method, "patch" | "put" | "delete");
    let is_action = takes(operation, "If-Match");
    // Makes what is not there yet, and so needs no version.
    let is_upsert = takes(operation, "If-None-Match");
    add_path_ids(path, operation);
    if changes && !is_upsert {
        add_if_match(operation);
    }
    let writes = policy.is_some_and(|(_, action)| !action.is_read());
    let may_repeat = writes && method == "post";
    if writes {
        add_dry_run(operation);
    }
    if may_repeat {
        add_idempotency_key(operation);
    }
    // What is part of the program may have a tag without being an object.
    let is_tagged = operation.remove("x-tagged").is_some();
    let has_version = is_tagged || has_version(operation, versioned);
    if method == "get" && has_version {
        add_if_none_match(operation);
    }
    describe_headers(operation, has_version);
    describe_preferences(operation, writes, may_repeat);

    let mut refusals = vec!["400", "401", "406", "429", "500", "503"];
    if policy.is_some_and(|(resource, action)| is_refused_to_some(resource, action)) {
        refusals.push("403");
    }
    if path.contains('{') && !is_upsert {
        refusals.push("404");
    }
    if has_body {
        refusals.extend(["408", "413", "415", "422"]);
    } else if may_repeat {
        refusals.push("422");
    }
    if changes || is_action {
        refusals.extend(["409", "412"]);
    } else if method == "post" && policy.is_some() {
        refusals.push("409");
    }
    if changes && !is_upsert {
        refusals.push("428");
    }
    let (never, also) = (
        take_statuses(operation, "x-never"),
        take_statuses(operation, "x-also"),
    );
    refusals.extend(also.iter().map(String::as_str));
    refusals.retain(|status| !never.iter().any(|never| never == status));
    if let Some(responses) = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut)
    {
        if method == "get" && has_version {
            responses.insert(
                "304".into(),
                json!({
                    "description": "Not changed since it was read",
                    "headers": headers([("X-Request-Id", "RequestId"), ("ETag", "ETag")])
                }),
            );
        }
        // OAuth 2.0 has another media type for its refusals.
        let kind = if path.starts_with("/oauth/") {
            "OAuthError"
        } else {
            "Problem"
        };
        for status in refusals {
            responses
                .entry(status)
                .or_insert(json!({ "$ref": format!("#/components/responses/{kind}{status}") }));
        }
    }
}

/// Whether some role may not, or some service account for want of a scope.
fn is_refused_to_some(resource: policy::Resource, action: policy::Action) -> bool {
    policy::roles(resource, action).count() < policy::ROLES.len()
        || policy::scope(resource, action).is_some()
}

/// The statuses that a handler lists under this name, which readers of the API document need not see.
fn take_statuses(operation: &mut Map<String, Value>, name: &str) -> Vec<String> {
    let listed = operation.remove(name);
    let statuses = listed.as_ref().and_then(Value::as_array);
    statuses
        .into_iter()
        .flatten()
        .map(Value::to_string)
        .collect()
}

/// The schemas of objects with a version: those that carry `Meta`.
pub(super) fn versioned(document: &Value) -> BTreeSet<String> {
    let schemas = document
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    schemas
        .into_iter()
        .flatten()
        .filter(|(_, schema)| carries_meta(document, schema))
        .map(|(name, _)| format!("#/components/schemas/{name}"))
        .collect()
}

/// By itself, within another object that it shows more of, or in each branch of a union.
fn carries_meta(document: &Value, schema: &Value) -> bool {
    let parts = ["allOf", "oneOf"].map(|keyword| schema.get(keyword).and_then(Value::as_array));
    parts
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|part| part.get("$ref")?.as_str())
        .any(|part| {
            part == "#/components/schemas/Meta"
                || document
                    .pointer(part.trim_start_matches('#'))
                    .is_some_and(|schema| carries_meta(document, schema))
        })
}

/// Whether the answer is one object with a version.
fn has_version(operation: &Map<String, Value>, versioned: &BTreeSet<String>) -> bool {
    let Some(responses) = operation.get("responses") else {
        return false;
    };
    ["200", "201"].iter().any(|status| {
        responses
            .pointer(&format!("/{status}/content/application~1json/schema/$ref"))
            .and_then(Value::as_str)
            .is_some_and(|schema| versioned.contains(schema))
    })
}
