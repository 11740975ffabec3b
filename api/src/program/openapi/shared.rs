//! The headers and error answers that all operations share.

use std::time::Duration;

use entity::values::Locale;
use serde_json::{Map, Value, json};

use crate::kit::{Code, Fault, FaultCode, Problem};

/// What names a request, in examples.
const REQUEST_ID: &str = "01a20744-99a9-7658-b609-f511341d099b";

const BASE_URL: &str = "http://127.0.0.1:8080";

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
            "required": true,
            "schema": { "type": "string", "maxLength": 64 },
            "example": REQUEST_ID
        },
        "ETag": {
            "description": "The object's version, for If-Match and If-None-Match; also in the body as etag.",
            "required": true,
            "schema": { "type": "string", "maxLength": 40 },
            "example": "\"3\""
        },
        "OptionalETag": {
            "description": "The object's version, for If-Match and If-None-Match; also in the body as etag. Absent with `include`.",
            "schema": { "type": "string", "maxLength": 40 },
            "example": "\"3\""
        },
        "Location": {
            "description": "Address of the new object.",
            "required": true,
            "schema": { "type": "string", "maxLength": 200 },
            "example": "/v1/follow-ups/01a20744-99a9-7658-b609-f511341d099b"
        },
        "ContentDisposition": {
            "description": "The name of the file.",
            "required": true,
            "schema": { "type": "string", "maxLength": 200 },
            "example": "attachment; filename=\"livret-contracts-2026-11-23.csv\""
        },
        "Link": {
            "description": "Address of the next page (rel=\"next\"), while there is one; also in the body as next.",
            "schema": { "type": "string", "maxLength": 4000 },
            "example": "</v1/booklets?after=AZ-pYl6cfGuQ&limit=20>; rel=\"next\""
        },
        "RateLimit": {
            "description": "Requests left (r) and seconds until there are more (t), unless limits are off; the policy is in RateLimit-Policy.",
            "schema": { "type": "string", "maxLength": 100 },
            "example": "\"general\";r=199;t=1"
        },
        "PreferenceApplied": {
            "description": "`dry-run` when nothing was changed.",
            "schema": { "type": "string", "enum": ["dry-run"] },
            "example": "dry-run"
        },
        "IdempotentReplayed": {
            "description": "`true` when this is the answer that the same request had before.",
            "schema": { "type": "string", "enum": ["true"] },
            "example": "true"
        },
        "RetryAfter": {
            "description": "Seconds to wait before the next try; also in the body as retry_after.",
            "schema": { "type": "integer", "format": "int32", "minimum": 1, "maximum": 86400 },
            "example": 2
        },
        "ContentLanguage": {
            "description": "Language of title and detail.",
            "required": true,
            "schema": { "type": "string", "enum": ["fr", "en"] },
            "example": "fr"
        },
        "WWWAuthenticate": {
            "description": "How to authenticate.",
            "required": true,
            "schema": { "type": "string", "maxLength": 100 },
            "example": "Bearer"
        },
        "AcceptEncoding": {
            "description": "The content codings that bodies may have: there when that of this request was refused.",
            "schema": { "type": "string", "maxLength": 100 },
            "example": "identity"
        },
        "AcceptPatch": {
            "description": "The media types that PATCH takes.",
            "required": true,
            "schema": { "type": "string", "maxLength": 100 },
            "example": "application/merge-patch+json, application/json"
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
    (
        "413",
        Code::PayloadTooLarge,
        "More than 1 MiB; for a file, than 64 MiB or 200,000 rows (fewer on SQLite; `errors` gives the number)",
    ),
    (
        "415",
        Code::UnsupportedMediaType,
        "Not JSON; a file to import: neither CSV nor JSON Lines, or not UTF-8; compressed (Content-Encoding)",
    ),
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

/// The statuses with which the operations of OAuth 2.0 refuse.
const OAUTH: [&str; 9] = [
    "400", "401", "406", "408", "413", "415", "429", "500", "503",
];

pub(super) fn shared_answers() -> Value {
    let problems = ANSWERS.into_iter().map(|(status, code, description)| {
        let answer = answer(
            status,
            description,
            "application/problem+json",
            &example(code),
        );
        (format!("Problem{status}"), answer)
    });
    let of_oauth = ANSWERS
        .into_iter()
        .filter(|(status, ..)| OAUTH.contains(status));
    let errors = of_oauth.map(|(status, code, description)| {
        let code = match code {
            Code::MalformedJson => Code::InvalidRequest,
            Code::Unauthenticated => Code::InvalidClient,
            other => other,
        };
        let body = refusal(code).oauth_body(BASE_URL, Locale::En, REQUEST_ID);
        let example = serde_json::to_value(body).unwrap_or_default();
        let answer = answer(status, description, "application/json", &example);
        (format!("OAuthError{status}"), answer)
    });
    problems
        .chain(errors)
        .collect::<Map<String, Value>>()
        .into()
}

fn answer(status: &str, description: &str, media_type: &str, example: &Value) -> Value {
    let mut names = vec![
        ("X-Request-Id", "RequestId"),
        ("Content-Language", "ContentLanguage"),
    ];
    if status.starts_with('4') {
        names.push(("RateLimit", "RateLimit"));
    }
    if status == "415" {
        names.push(("Accept-Encoding", "AcceptEncoding"));
    }
    names.extend(match status {
        "401" => Some(("WWW-Authenticate", "WWWAuthenticate")),
        "415" => Some(("Accept-Patch", "AcceptPatch")),
        "429" | "503" => Some(("Retry-After", "RetryAfter")),
        _ => None,
    });
    json!({
        "description": description,
        "headers": headers(names),
        "content": { media_type: {
            "schema": { "$ref": "#/components/schemas/Problem" },
            "example": example
        } }
    })
}

/// What a refusal with this status says.
pub(super) fn problem(status: &str) -> Option<Value> {
    let answer = ANSWERS.iter().find(|(known, ..)| *known == status);
    answer.map(|(_, code, _)| example(*code))
}

/// What such a problem says, in English.
fn example(code: Code) -> Value {
    let body = refusal(code).body(BASE_URL, Locale::En, REQUEST_ID);
    serde_json::to_value(body).unwrap_or_default()
}

fn refusal(code: Code) -> Problem {
    match code {
        Code::Invalid => Problem::invalid(vec![
            Fault::new("/comment", FaultCode::Required),
            FaultCode::Format.example(),
        ]),
        Code::TooManyRequests | Code::Unavailable => {
            Problem::new(code).retry_after(Duration::from_secs(30))
        }
        code => Problem::new(code),
    }
}
