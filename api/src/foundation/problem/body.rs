//! What travels when this API says no.

use entity::values::Locale;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::catalogue::Code;

/// What OAuth 2.0 clients are told to do: they send forms, never JSON.
pub(super) fn oauth_remedy(code: Code) -> &'static str {
    match code {
        Code::UnsupportedMediaType => {
            "Send a form: Content-Type application/x-www-form-urlencoded, not compressed. Its fields stand in the API document."
        }
        _ => code.entry().remedy(Locale::En),
    }
}

/// A problem (RFC 9457): why the service said no, and what to do next.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Address of the page that explains this problem.
    #[serde(rename = "type")]
    #[schema(format = "uri", example = "http://127.0.0.1:8080/problems/not_found")]
    pub(super) kind: String,
    /// Name of the problem, in the reader's language.
    #[schema(max_length = 200)]
    pub(super) title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub(super) status: u16,
    /// Stable name of the problem, for programs.
    #[schema(example = "not_found", max_length = 60)]
    pub(super) code: String,
    /// Its name in OAuth 2.0 (RFC 6749, section 5.2); at `/oauth` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, example = "invalid_client", max_length = 60)]
    pub(super) error: Option<&'static str>,
    /// What to do, in English whatever the language; at `/oauth` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, max_length = 1000)]
    pub(super) error_description: Option<&'static str>,
    /// What happened and what to do next, in the reader's language.
    #[schema(max_length = 1000)]
    pub(super) detail: &'static str,
    /// Identifies this request in the service's logs; give it to support.
    #[schema(max_length = 64)]
    pub(super) request_id: String,
    /// The faults, all at once, when fields are at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 100)]
    pub(super) errors: Vec<FieldFault>,
    /// Seconds to wait before the next try, as in the header `Retry-After`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, minimum = 0)]
    pub(super) retry_after: Option<u64>,
}

/// A fault of one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldFault {
    /// Where it is in the request body (RFC 6901).
    #[schema(example = "/statement", max_length = 500)]
    pub(super) pointer: String,
    /// Stable name of the fault, for programs.
    #[schema(example = "required", max_length = 60)]
    pub(super) code: String,
    /// What is expected, in the reader's language.
    #[schema(max_length = 20000)]
    pub(super) detail: String,
    /// The values that the text names.
    pub(super) params: Map<String, Value>,
}

impl FieldFault {
    /// Its text, and the values that the text names.
    pub(crate) fn said(self) -> (String, Map<String, Value>) {
        (self.detail, self.params)
    }
}

/// Something to put right that did not stand in the way.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Warning {
    /// Stable name of the warning, for programs.
    #[schema(example = "variance_reason_missing", max_length = 60)]
    pub(super) code: String,
    /// What is missing, in the reader's language.
    #[schema(max_length = 1000)]
    pub(super) detail: String,
}
