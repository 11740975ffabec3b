//! The headers and error answers that all operations share.

use serde_json::{Map, Value, json};

/// Headers by the names of their shared descriptions.
pub(super) fn headers<'a>(names: impl IntoIterator<Item = (&'a str, &'a str)>) -> Value {
    names
        .into_iter()
        .map(|(header, name)| {
            let reference = json!({ "$ref": format!("#/components/headers/{name}") });
            (header.to_owned(), reference)
        })
        .collect::<Map<String, Value>>()
        .into()
}

pub(super) fn shared_headers() -> Value {
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
        "PreferenceApplied": {
            "description": "`dry-run` when nothing was changed.",
            "schema": { "type": "string" }
        },
        "IdempotentReplayed": {
            "description": "`true` when this is the answer that the same request had before.",
            "schema": { "type": "string", "enum": ["true"] }
        },
        "RetryAfter": {
            "description": "Seconds to wait before the next try.",
            "schema": { "type": "integer", "minimum": 0 }
        }
    })
}

pub(super) fn shared_answers() -> Value {
    let answers = [
        ("400", "Malformed: JSON, path, query or cursor"),
        ("401", "Who are you: no valid identity"),
        ("403", "Your role never may"),
        ("404", "Not for you, or not there"),
        ("406", "The answer is JSON, which Accept does not take"),
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
            let mut names = vec![("X-Request-Id", "RequestId")];
            if matches!(status, "429" | "503") {
                names.push(("Retry-After", "RetryAfter"));
            }
            let answer = json!({
                "description": description,
                "headers": headers(names),
                "content": { "application/problem+json": {
                    "schema": { "$ref": "#/components/schemas/Problem" }
                } }
            });
            (format!("Problem{status}"), answer)
        })
        .collect::<Map<String, Value>>()
        .into()
}
