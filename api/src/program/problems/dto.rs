//! What the catalogue says of each problem, and of each fault of a field.

use entity::values::Locale;
use serde::Serialize;
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use crate::foundation::problem::{FieldFault, ProblemBody};
use crate::kit::{Code, FaultCode};

/// Stands in examples where each answer has an id of its own.
const REQUEST_ID: &str = "01a20744-99a9-7658-b609-f511341d099b";

/// A problem that this API may answer: why it happens, and what to do next.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProblemDescription {
    /// Stable name of the problem, for programs.
    #[schema(example = "stale", max_length = 64)]
    pub(crate) code: String,
    /// Its address, which is the `type` of the problem.
    #[serde(rename = "type")]
    #[schema(format = "uri", example = "http://127.0.0.1:8080/problems/stale")]
    pub(crate) kind: String,
    /// The HTTP status it comes with.
    #[schema(minimum = 400, maximum = 599, example = 412)]
    pub(crate) status: u16,
    /// Its name, in the reader's language.
    #[schema(example = "Version dépassée", max_length = 200)]
    pub(crate) title: &'static str,
    /// Why it happens, in the reader's language.
    #[schema(
        example = "L'etag envoyé dans If-Match n'est plus celui de l'objet.",
        max_length = 2000
    )]
    pub(crate) cause: &'static str,
    /// What to do next, in the reader's language; the problem says the same in `detail`.
    #[schema(
        example = "Relisez l'objet, puis renvoyez votre changement avec son nouvel etag.",
        max_length = 2000
    )]
    pub(crate) remedy: &'static str,
    /// The problem as the API sends it.
    pub(crate) example: ProblemBody,
    /// For `invalid`: the faults of fields that `errors` may name. Empty for the others.
    #[schema(max_items = 200)]
    pub(crate) faults: Vec<FaultType>,
}

/// A fault of a field that `errors` may name.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FaultType {
    /// Stable name of the fault, for programs.
    #[schema(example = "max_length", max_length = 64)]
    pub(crate) code: String,
    /// What it says, in the reader's language; `{max}` stands for the parameter `max`.
    #[schema(example = "Il faut au plus {max} caractères.", max_length = 2000)]
    pub(crate) detail: &'static str,
    /// The names of its parameters.
    #[schema(example = json!(["max"]), max_items = 10)]
    pub(crate) params: Vec<String>,
    /// The fault as the API sends it.
    pub(crate) example: FieldFault,
}

impl ProblemDescription {
    /// What is said of this problem, in this language.
    pub(crate) fn of(code: Code, base_url: &str, locale: Locale) -> Self {
        let entry = code.entry();
        let faults = match code {
            Code::Invalid => FaultCode::iter()
                .map(|fault| FaultType::of(fault, locale))
                .collect(),
            _ => Vec::new(),
        };
        Self {
            kind: format!("{base_url}/problems/{code}"),
            code: code.to_string(),
            status: entry.status.as_u16(),
            title: entry.title(locale),
            cause: entry.cause(locale),
            remedy: entry.remedy(locale),
            example: code.example().body(base_url, locale, REQUEST_ID),
            faults,
        }
    }

    /// All of them, by status.
    pub(crate) fn all(base_url: &str, locale: Locale) -> Vec<Self> {
        let mut all: Vec<Self> = Code::iter()
            .map(|code| Self::of(code, base_url, locale))
            .collect();
        all.sort_by_key(|problem| problem.status);
        all
    }
}

impl FaultType {
    fn of(code: FaultCode, locale: Locale) -> Self {
        let example = code.example();
        Self {
            code: code.to_string(),
            detail: code.text(locale),
            params: example.params().cloned().collect(),
            example: example.body(locale),
        }
    }
}
