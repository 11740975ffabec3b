//! What is said of bodies and headers that many operations share.

use serde_json::{Map, Value, json};

use crate::program::openapi::clients::is_file;
use crate::program::openapi::parameters::takes;
use crate::program::openapi::shared::headers;

/// A body that may be left out is written `Option<T>`; what is sent is a `T`, not null.
pub(super) fn name_optional_body(operation: &mut Map<String, Value>) {
    let Some(body) = operation.get_mut("requestBody") else {
        return;
    };
    let Some(schema) = body.pointer_mut("/content/application~1json/schema") else {
        return;
    };
    let Some([named, null]) = schema
        .get("oneOf")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
    else {
        return;
    };
    if *null != json!({ "type": "null" }) {
        return;
    }
    let named = named.clone();
    *schema = named;
    if let Some(body) = body.as_object_mut() {
        body.insert("required".into(), json!(false));
    }
}

/// A dry run says that it was one, a repeated answer that it is one.
pub(super) fn describe_preferences(
    operation: &mut Map<String, Value>,
    writes: bool,
    may_repeat: bool,
) {
    let mut names = Vec::new();
    if writes {
        names.push(("Preference-Applied", "PreferenceApplied"));
    }
    if may_repeat {
        names.push(("Idempotent-Replayed", "IdempotentReplayed"));
    }
    let Value::Object(more) = headers(names) else {
        return;
    };
    let responses = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    let done = responses
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'));
    for (_, response) in done {
        if let Some(headers) = response.get_mut("headers").and_then(Value::as_object_mut) {
            headers.extend(more.clone());
        }
    }
}

/// Answers with one object carry its version, new ones their address.
pub(super) fn describe_headers(operation: &mut Map<String, Value>, has_version: bool) {
    let is_paged = takes(operation, "after");
    let version = match takes(operation, "include") {
        true => "OptionalETag",
        false => "ETag",
    };
    let responses = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    for (status, response) in responses.into_iter().flatten() {
        let mut names = vec![("X-Request-Id", "RequestId"), ("RateLimit", "RateLimit")];
        if has_version && matches!(status.as_str(), "200" | "201") {
            names.push(("ETag", version));
        }
        if matches!(status.as_str(), "201" | "301") {
            names.push(("Location", "Location"));
        }
        let content = response.get("content").and_then(Value::as_object);
        let is_file = content.is_some_and(|content| content.keys().any(|kind| is_file(kind)));
        if is_file {
            names.push(("Content-Disposition", "ContentDisposition"));
        }
        if is_paged && status == "200" {
            names.push(("Link", "Link"));
        }
        if let Some(response) = response.as_object_mut() {
            response.insert("headers".into(), headers(names));
        }
    }
}
