//! What follows for an operation from its method, its path and its policy.

mod describe;

use std::collections::BTreeSet;

use entity::values::Role;
use serde_json::{Map, Value, json};

use self::describe::{describe_files, describe_headers, describe_preferences, name_optional_body};
use super::parameters::{
    add_create_only, add_dry_run, add_idempotency_key, add_if_match, add_if_none_match,
    add_path_ids,
};
use super::security::accept_programs;
use super::shared::headers;
use crate::foundation::operations::parse_policy;
use crate::foundation::policy;

/// What the rules below promise and these operations never answer.
const NEVER: &[(&str, &str)] = &[
    // The invitation is the identity, and a wrong one is 422.
    ("accept_invitation", "401"),
    // Nor is anybody asked for here, where a link or nothing is the identity.
    ("confirm_email", "401"),
    ("request_password_reset", "401"),
    ("reset_password", "401"),
    // The catalogue is part of the program: it asks for nobody and reads no database.
    ("get_problem_type", "401"),
    ("get_problem_type", "500"),
    ("get_problem_type", "503"),
    ("list_problem_types", "401"),
    ("list_problem_types", "500"),
    ("list_problem_types", "503"),
    // OAuth 2.0 has one answer to all that is malformed: 400.
    ("introspect_token", "422"),
    ("issue_token", "422"),
    ("revoke_token", "422"),
    // Nothing else, in whatever state, stands in the way of these.
    ("change_my_email", "409"),
    ("change_my_password", "409"),
    ("create_organization", "409"),
    ("delete_candidate", "409"),
    ("delete_identity_provider", "409"),
    ("delete_note", "409"),
    ("end_break_glass", "409"),
    ("end_my_other_sessions", "409"),
    ("end_my_session", "409"),
    ("revoke_service_account", "409"),
    ("sign_user_out", "409"),
    ("update_contract_template", "409"),
    ("update_me", "409"),
    ("update_note", "409"),
    ("update_organization", "409"),
    ("update_plan_template", "409"),
    ("update_pledge", "409"),
    ("update_vae_stage", "409"),
];

/// What the rules below do not promise and these operations answer.
const ALSO: [(&str, &str); 4] = [
    ("confirm_email", "409"),
    // Not everything fits into a spreadsheet.
    ("export_dataset", "422"),
    // Nor into one answer.
    ("get_full_booklet", "422"),
    // Who signs names what they have read.
    ("sign_contract", "428"),
];

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
    name_optional_body(operation);
    let changes = matches!(method, "patch" | "put" | "delete");
    let is_action = is_action(path, method, operation) && policy.is_some();
    let is_upsert = is_upsert(method, operation);
    add_path_ids(path, operation);
    if changes || is_action {
        add_if_match(operation, changes && !is_upsert);
    }
    if is_upsert {
        add_create_only(operation);
    }
    let writes = policy.is_some_and(|(_, action)| !action.is_read());
    let may_repeat = writes && method == "post";
    if writes {
        add_dry_run(operation);
    }
    if may_repeat {
        add_idempotency_key(operation);
    }
    let has_version = has_version(operation, versioned);
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
    let id = operation.get("operationId").and_then(Value::as_str);
    let also = ALSO.iter().filter(|also| id == Some(also.0));
    refusals.extend(also.map(|(_, status)| *status));
    refusals.retain(|status| {
        !NEVER
            .iter()
            .any(|never| id == Some(never.0) && *status == never.1)
    });
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

/// A POST on an object that is there; not one that makes a new page of a booklet.
fn is_action(path: &str, method: &str, operation: &Map<String, Value>) -> bool {
    let creates = operation
        .get("responses")
        .is_some_and(|responses| responses.get("201").is_some());
    let makes_page = creates && path.starts_with("/v1/booklets/{id}/");
    method == "post" && path.contains("/{id}/") && !makes_page
}

/// A PUT that makes what is not there yet: it needs no version.
fn is_upsert(method: &str, operation: &Map<String, Value>) -> bool {
    let responses = operation.get("responses");
    method == "put" && responses.is_some_and(|responses| responses.get("201").is_some())
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

/// Whether answers of this media type are files to keep.
fn is_file(media_type: &str) -> bool {
    matches!(media_type, "text/csv" | "application/zip")
}
