//! The headers and error answers that all operations share.

use std::time::Duration;

use entity::values::Locale;
use serde_json::{Map, Value, json};

use crate::kit::{Code, Fault, Problem};

/// What names a request, in examples.
const REQUEST_ID: &str = "01a20744-99a9-7658-b609-f511341d099b";

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
            "schema": { "type": "string" },
            "example": REQUEST_ID
        },
        "ETag": {
            "description": "The object's version, for If-Match and If-None-Match; also in the body as etag.",
            "schema": { "type": "string" },
            "example": "\"3\""
        },
        "Location": {
            "description": "Address of the new object.",
            "schema": { "type": "string" },
            "example": "/v1/follow-ups/01a20744-99a9-7658-b609-f511341d099b"
        },
        "PreferenceApplied": {
            "description": "`dry-run` when nothing was changed.",
            "schema": { "type": "string" },
            "example": "dry-run"
        },
        "IdempotentReplayed": {
            "description": "`true` when this is the answer that the same request had before.",
            "schema": { "type": "string", "enum": ["true"] },
            "example": "true"
        },
        "RetryAfter": {
            "description": "Seconds to wait before the next try.",
            "schema": { "type": "integer", "minimum": 0 },
            "example": 30
        }
    })
}

/// The refusals that operations share: status, what it is mostly called, what it means.
const ANSWERS: [(&str, Code, &str); 15] = [
    (
        "400",
        Code::MalformedJson,
        "Malformed: JSON, path, query or cursor",
    ),
    (
        "401",
        Code::Unauthenticated,
        "Who are you: no valid identity",
    ),
    ("403", Code::Forbidden, "Your role never may"),
    ("404", Code::NotFound, "Not for you, or not there"),
    (
        "406",
        Code::NotAcceptable,
        "The answer is JSON, which Accept does not take",
    ),
    (
        "408",
        Code::RequestTimeout,
        "The body did not arrive in time",
    ),
    (
        "409",
        Code::InvalidTransition,
        "The present state does not allow it",
    ),
    ("412", Code::Stale, "Changed since it was read"),
    ("413", Code::PayloadTooLarge, "More than 1 MiB"),
    ("415", Code::UnsupportedMediaType, "Not JSON"),
    (
        "422",
        Code::Invalid,
        "Invalid: all faults at once, with pointers",
    ),
    ("428", Code::PreconditionRequired, "If-Match is missing"),
    ("429", Code::TooManyRequests, "Slow down"),
    ("500", Code::InternalError, "A fault of the service"),
    ("503", Code::Unavailable, "The database does not answer"),
];

pub(super) fn shared_answers() -> Value {
    ANSWERS
        .into_iter()
        .map(|(status, code, description)| {
            let mut names = vec![("X-Request-Id", "RequestId")];
            if matches!(status, "429" | "503") {
                names.push(("Retry-After", "RetryAfter"));
            }
            let answer = json!({
                "description": description,
                "headers": headers(names),
                "content": { "application/problem+json": {
                    "schema": { "$ref": "#/components/schemas/Problem" },
                    "example": example(code)
                } }
            });
            (format!("Problem{status}"), answer)
        })
        .collect::<Map<String, Value>>()
        .into()
}

/// What a refusal with this status says.
pub(super) fn problem(status: &str) -> Option<Value> {
    let answer = ANSWERS.iter().find(|(known, ..)| *known == status);
    answer.map(|(_, code, _)| example(*code))
}

/// What such a problem says, in English.
fn example(code: Code) -> Value {
    let problem = match code {
        Code::Invalid => Problem::invalid(vec![
            Fault::new("/comment", "required"),
            Fault::new("/contacted_on", "format").with("expected", "date"),
        ]),
        Code::TooManyRequests | Code::Unavailable => {
            Problem::new(code).retry_after(Duration::from_secs(30))
        }
        code => Problem::new(code),
    };
    let body = problem.body("http://127.0.0.1:8080", Locale::En, REQUEST_ID);
    serde_json::to_value(body).unwrap_or_default()
}
