//! What clients made from the API document can work with, whatever made them: each of these is the only
//! form in which all known generators understand what is meant.

use serde_json::{Map, Value, json};

use super::operations;
use crate::foundation::operations::{CSV, JSON_LINES};

const MERGE_PATCH: &str = "application/merge-patch+json";
const JSON: &str = "application/json";

/// Whether bodies of this media type are files: bytes, and not text.
pub(super) fn is_file(media_type: &str) -> bool {
    matches!(
        media_type,
        CSV | JSON_LINES
            | "application/zip"
            | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
}

/// A file is bytes, sent or answered. It has no bounds here, which many take for those of a text: the
/// operation says them.
pub(super) fn describe_files(operation: &mut Map<String, Value>) {
    let mut answered = operation
        .get_mut("responses")
        .and_then(Value::as_object_mut);
    let answers = answered.iter_mut().flat_map(|all| all.values_mut());
    for content in answers.filter_map(content_of) {
        name_files(content);
    }
    if let Some(content) = operation.get_mut("requestBody").and_then(content_of) {
        name_files(content);
    }
}

fn content_of(body: &mut Value) -> Option<&mut Map<String, Value>> {
    body.get_mut("content")?.as_object_mut()
}

fn name_files(content: &mut Map<String, Value>) {
    for (_, media) in content.iter_mut().filter(|(kind, _)| is_file(kind)) {
        if let Some(media) = media.as_object_mut() {
            media.insert(
                "schema".into(),
                json!({ "type": "string", "format": "binary" }),
            );
        }
    }
}

/// Who needs no token needs none: `[{}]`, which says the same, is a token without a name to many.
pub(super) fn need_nothing(operation: &mut Map<String, Value>) {
    if operation.get("security") == Some(&json!([{}])) {
        operation.insert("security".into(), json!([]));
    }
}

/// What is left out is not there: a parameter is never null.
pub(super) fn never_null(operation: &mut Map<String, Value>) {
    let parameters = operation
        .get_mut("parameters")
        .and_then(Value::as_array_mut);
    for parameter in parameters.into_iter().flatten() {
        let kind = parameter.pointer_mut("/schema/type");
        let kinds = kind.as_ref().and_then(|kind| kind.as_array()).cloned();
        if let (Some(kind), Some([one, null])) = (kind, kinds.as_deref())
            && null == "null"
        {
            *kind = one.clone();
        }
    }
}

/// A merge patch may be sent as plain JSON too: many clients know no other type.
pub(super) fn offer_json(document: &mut Value) {
    for operation in operations(document) {
        let content = operation.get_mut("requestBody").and_then(content_of);
        if let Some(content) = content
            && let Some(patch) = content.get(MERGE_PATCH).cloned()
        {
            content.insert(JSON.into(), patch);
        }
    }
}

/// As JSON alone, where tools know nothing newer.
pub(super) fn offer_json_alone(document: &mut Value) {
    for operation in operations(document) {
        if let Some(content) = operation.get_mut("requestBody").and_then(content_of) {
            content.remove(MERGE_PATCH);
        }
    }
}
