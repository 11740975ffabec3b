//! Request bodies: read within bounds, cleaned, and checked against the contract's own schema, so
//! that what is documented is what is enforced, and all faults come back at once.

use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono::NaiveDate;
use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde::de::DeserializeOwned;
use serde_json::Value;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use super::operations::Operation;
use super::{Code, Fault, Problem, Result};

/// The largest body, in bytes.
pub(crate) const BODY_LIMIT: usize = 1024 * 1024;
/// How long a body may take to arrive.
const BODY_DEADLINE: Duration = Duration::from_secs(30);

/// A JSON body, valid.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T> Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read_body(request, payload, &["application/json"]);
        Box::pin(async move { typed(body.await?).map(Self) })
    }
}

/// Turns checked JSON into the type that the handler works with.
///
/// # Errors
/// 422 for what the schema cannot say: rules across fields, checksums, e-mail addresses.
pub(super) fn typed<T: DeserializeOwned + Validate>(value: Value) -> Result<T> {
    let typed: T = serde_json::from_value(value).map_err(|error| {
        // The schema and the type disagree: say so to us, and something usable to the caller.
        tracing::warn!(%error, "a body passed its schema but not its type");
        Problem::fault("", "invalid")
    })?;
    typed.validate().map_err(|errors| {
        let mut faults = Vec::new();
        collect("", &errors, &mut faults);
        Problem::invalid(faults)
    })?;
    Ok(typed)
}

/// Reads, cleans and checks a JSON body.
pub(super) fn read_body(
    request: &HttpRequest,
    payload: &mut Payload,
    media_types: &'static [&'static str],
) -> impl Future<Output = Result<Value>> + use<> {
    let operation = operation_of(request);
    let bytes = read_bytes(request, payload, media_types);
    async move {
        let value =
            serde_json::from_slice(&bytes.await?).or(Err(Problem::new(Code::MalformedJson)))?;
        checked(value, operation.as_deref())
    }
}

/// A form, as OAuth 2.0 sends it, valid. Each parameter stands once; unknown ones are ignored.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Form<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let operation = operation_of(request);
        let bytes = read_bytes(request, payload, &["application/x-www-form-urlencoded"]);
        Box::pin(async move {
            checked(form_fields(&bytes.await?)?, operation.as_deref())
                .and_then(typed)
                .map(Self)
                .map_err(|problem| problem.renamed(Code::Invalid, Code::InvalidRequest))
        })
    }
}

fn form_fields(bytes: &[u8]) -> Result<Value> {
    let refused = || Problem::new(Code::InvalidRequest);
    let text = std::str::from_utf8(bytes).or(Err(refused()))?;
    let pairs = web::Query::<Vec<(String, String)>>::from_query(text).or(Err(refused()))?;
    let mut fields = serde_json::Map::new();
    for (name, value) in pairs.into_inner() {
        if fields.insert(name, value.into()).is_some() {
            return Err(refused());
        }
    }
    Ok(fields.into())
}

fn operation_of(request: &HttpRequest) -> Option<Arc<Operation>> {
    request.extensions().get::<Arc<Operation>>().cloned()
}

fn read_bytes(
    request: &HttpRequest,
    payload: &mut Payload,
    media_types: &'static [&'static str],
) -> impl Future<Output = Result<web::Bytes>> + use<> {
    let media_type = media_type(request);
    let optional = operation_of(request).is_some_and(|operation| operation.body_is_optional);
    let bytes = web::Bytes::from_request(request, payload);
    async move {
        let is_declared = media_types.contains(&media_type.as_str());
        let may_be_absent = optional && media_type.is_empty();
        if !is_declared && !may_be_absent {
            return Err(Problem::new(Code::UnsupportedMediaType));
        }
        let bytes = tokio::time::timeout(BODY_DEADLINE, bytes)
            .await
            .or(Err(Problem::new(Code::RequestTimeout)))?
            .map_err(
                |error| match error.as_response_error().status_code().as_u16() {
                    413 => Problem::new(Code::PayloadTooLarge),
                    _ => Problem::new(Code::BadRequest),
                },
            )?;
        match bytes.is_empty() {
            true if optional => Ok(web::Bytes::from_static(b"{}")),
            false if !is_declared => Err(Problem::new(Code::UnsupportedMediaType)),
            _ => Ok(bytes),
        }
    }
}

/// Cleans a body and checks it against the operation's schema.
fn checked(mut value: Value, operation: Option<&Operation>) -> Result<Value> {
    let mut faults = Vec::new();
    clean(&mut value, "", &mut faults);
    if let Some(validator) = operation.and_then(Operation::validator) {
        for error in validator.iter_errors(&value) {
            explain(&error, &mut faults);
        }
    }
    if faults.is_empty() {
        Ok(value)
    } else {
        Err(Problem::invalid(faults))
    }
}

fn media_type(request: &HttpRequest) -> String {
    request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(|value| value.trim().to_ascii_lowercase())
        .unwrap_or_default()
}

/// Trims all texts and composes their accents (NFC); passwords stay as typed. NUL is refused:
/// PostgreSQL cannot store it.
fn clean(value: &mut Value, pointer: &str, faults: &mut Vec<Fault>) {
    match value {
        Value::String(text) => {
            if text.contains('\0') {
                faults.push(Fault::new(pointer, "nul_character"));
            }
            if text.trim().len() != text.len() {
                *text = text.trim().to_owned();
            }
            if !is_nfc(text) {
                *text = text.nfc().collect();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                clean(item, &format!("{pointer}/{index}"), faults);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut().filter(|(name, _)| *name != "password") {
                clean(field, &format!("{pointer}/{}", escape(name)), faults);
            }
        }
        _ => {}
    }
}

/// A field's name within a JSON pointer.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Says what the schema found, in our words.
fn explain(error: &ValidationError<'_>, faults: &mut Vec<Fault>) {
    use ValidationErrorKind as Kind;
    let at = error.instance_path().as_str();
    let fault = |code| Fault::new(at, code);
    faults.push(match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            faults.extend(
                unexpected
                    .iter()
                    .map(|name| Fault::new(format!("{at}/{}", escape(name)), "unknown_field")),
            );
            return;
        }
        Kind::Required { property } => {
            let name = escape(property.as_str().unwrap_or_default());
            Fault::new(format!("{at}/{name}"), "required")
        }
        // Nullable or tagged: the last branch is the one that is not null.
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            for error in context.last().into_iter().flatten() {
                explain(error, faults);
            }
            return;
        }
        Kind::Type { kind } => fault("type").with("expected", expected_type(kind)),
        Kind::Enum { options } => {
            let allowed = options
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            fault("enum").with("allowed", allowed.collect::<Vec<_>>().join(", "))
        }
        Kind::MinLength { limit } => fault("min_length").with("min", *limit),
        Kind::MaxLength { limit } => fault("max_length").with("max", *limit),
        Kind::MinItems { limit } => fault("min_items").with("min", *limit),
        Kind::MaxItems { limit } => fault("max_items").with("max", *limit),
        Kind::Minimum { limit } => fault("minimum").with("min", limit.clone()),
        Kind::Maximum { limit } => fault("maximum").with("max", limit.clone()),
        Kind::UniqueItems => fault("unique_items"),
        Kind::Format { format } => fault("format").with("expected", format.clone()),
        Kind::Pattern { pattern } => fault("pattern").with("expected", pattern.clone()),
        _ => fault("invalid"),
    });
}

fn expected_type(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(kind) => kind.to_string(),
        TypeKind::Multiple(kinds) => kinds
            .iter()
            .map(|kind| kind.to_string())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// Faults that `validator` found, with their pointers.
fn collect(at: &str, errors: &ValidationErrors, faults: &mut Vec<Fault>) {
    for (name, kind) in errors.errors() {
        let pointer = if name == "__all__" {
            at.to_owned()
        } else {
            format!("{at}/{name}")
        };
        match kind {
            ValidationErrorsKind::Field(errors) => {
                faults.extend(
                    errors
                        .iter()
                        .map(|error| Fault::new(&pointer, code_of(&error.code))),
                );
            }
            ValidationErrorsKind::Struct(errors) => collect(&pointer, errors, faults),
            ValidationErrorsKind::List(items) => {
                for (index, errors) in items {
                    collect(&format!("{pointer}/{index}"), errors, faults);
                }
            }
        }
    }
}

/// Refuses, at the field `to`, a last day that comes before the first; for `Validate`.
pub fn dates_in_order(
    from: Option<NaiveDate>,
    last: Option<NaiveDate>,
    to: &'static str,
) -> Result<(), ValidationErrors> {
    match (from, last) {
        (Some(from), Some(last)) if last < from => {
            let mut errors = ValidationErrors::new();
            errors.add(to, validator::ValidationError::new("dates_order"));
            Err(errors)
        }
        _ => Ok(()),
    }
}

#[expect(
    clippy::ptr_arg,
    reason = "a borrowed code is static, which &str would hide"
)]
fn code_of(code: &std::borrow::Cow<'static, str>) -> &'static str {
    match code {
        std::borrow::Cow::Borrowed(code) => code,
        std::borrow::Cow::Owned(_) => "invalid",
    }
}
