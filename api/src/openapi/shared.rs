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
            "required": true,
            "schema": { "type": "string", "maxLength": 64 },
            "example": "01a20744-99a9-7658-b609-f511341d099b"
        },
        "ETag": {
            "description": "The object's version, for If-Match and If-None-Match; also in the body as etag.",
            "required": true,
            "schema": { "type": "string", "maxLength": 40 },
            "example": "\"3\""
        },
        "Location": {
            "description": "Address of the new object.",
            "required": true,
            "schema": { "type": "string", "maxLength": 200 },
            "example": "/v1/follow-ups/01a20744-99a9-7658-b609-f511341d099b"
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
        "AcceptPatch": {
            "description": "The media types that PATCH takes.",
            "required": true,
            "schema": { "type": "string", "maxLength": 100 },
            "example": "application/merge-patch+json, application/json"
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
            let mut names = vec![
                ("X-Request-Id", "RequestId"),
                ("Content-Language", "ContentLanguage"),
            ];
            if status.starts_with('4') {
                names.push(("RateLimit", "RateLimit"));
            }
            names.extend(match status {
                "401" => Some(("WWW-Authenticate", "WWWAuthenticate")),
                "415" => Some(("Accept-Patch", "AcceptPatch")),
                "429" | "503" => Some(("Retry-After", "RetryAfter")),
                _ => None,
            });
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
