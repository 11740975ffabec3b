//! What is wrong with a body, field by field: found by its schema, by `validator`, or on the way.

use chrono::NaiveDate;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{JsonType, ValidationError, Validator};
use serde_json::Value;
use unicode_normalization::{UnicodeNormalization, is_nfc};
use validator::{ValidationErrors, ValidationErrorsKind};

use super::pointer::{Pointer, escape};
use super::schema::Schema;
use super::secret::{is_secret, opaque};
use super::signs::seen;
use super::size::{cut, has_longer};
use super::written::as_kept;
use crate::foundation::problem::catalogue::patterns;
use crate::foundation::problem::{FAULT_LIMIT, Fault, FaultCode};

/// Trims all texts, takes out signs that nobody sees, composes accents (NFC), and keeps of telephones and the like what they come
/// to ([`as_kept`]); passwords keep their blanks. NUL is refused:
/// PostgreSQL cannot store it. Stops at the most faults that are told: the body is refused then.
pub(crate) fn clean(value: &mut Value, pointer: Pointer<'_>, faults: &mut Vec<Fault>) {
    if faults.len() >= FAULT_LIMIT {
        return;
    }
    match value {
        Value::String(text) => {
            if text.contains('\0') {
                faults.push(Fault::new(pointer.text(), FaultCode::NulCharacter));
            }
            let kept = seen(text);
            if kept.trim().len() != text.len() || !is_nfc(text) {
                *text = composed(&kept);
            }
        }
        // A whole number is one however it is written (JSON Schema, section 6.1.1 of validation).
        Value::Number(number) => {
            let whole = number
                .as_f64()
                .filter(|value| value.fract() == 0.0 && value.abs() < 1e15);
            if let Some(whole) = whole.filter(|_| number.is_f64()) {
                #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
                let whole = whole as i64;
                *number = whole.into();
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                clean(item, Pointer::Element(&pointer, index), faults);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                let pointer = Pointer::Field(&pointer, name);
                match field {
                    Value::String(typed) if is_secret(name) => match opaque(typed) {
                        Some(secret) => *typed = secret,
                        None => faults.push(Fault::new(pointer.text(), FaultCode::NotAllowed)),
                    },
                    field => {
                        clean(field, pointer, faults);
                        keep(name, field);
                    }
                }
            }
        }
        _ => {}
    }
}

/// Keeps of a field's text, or of each of its list, what it comes to.
fn keep(name: &str, field: &mut Value) {
    match field {
        Value::String(text) => {
            if let Some(kept) = as_kept(name, text) {
                *text = kept;
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .filter(|item| item.is_string())
            .for_each(|item| keep(name, item)),
        _ => {}
    }
}

/// A text as it is kept: without signs that nobody sees and blanks around it, its accents composed (NFC).
pub(crate) fn cleaned(text: &str) -> String {
    composed(&seen(text))
}

fn composed(text: &str) -> String {
    text.trim().nfc().collect()
}

/// What a schema of the API document finds wrong with a value: sizes first, then shapes, for the
/// validator finds all faults of a list before it tells the first.
pub(crate) fn check(schema: &Schema, value: &Value, faults: &mut Vec<Fault>) {
    let Some(validator) = schema.validator() else {
        return;
    };
    let longest = schema.longest_list();
    if has_longer(value, longest) {
        explain_all(validator, &cut(value, longest), faults);
    } else if !validator.is_valid(value) {
        explain_all(validator, value, faults);
    }
}

fn explain_all(validator: &Validator, value: &Value, faults: &mut Vec<Fault>) {
    for error in validator.iter_errors(value) {
        explain(&error, faults);
        if faults.len() >= FAULT_LIMIT {
            break;
        }
    }
    faults.truncate(FAULT_LIMIT);
}

/// Says what the schema found, in our words.
fn explain(error: &ValidationError<'_>, faults: &mut Vec<Fault>) {
    use ValidationErrorKind as Kind;
    let at = error.instance_path().as_str();
    let fault = |code| Fault::new(at, code);
    faults.push(match error.kind() {
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let room = FAULT_LIMIT.saturating_sub(faults.len());
            faults.extend(
                unexpected.iter().take(room).map(|name| {
                    Fault::new(format!("{at}/{}", escape(name)), FaultCode::UnknownField)
                }),
            );
            return;
        }
        Kind::Required { property } => {
            let name = escape(property.as_str().unwrap_or_default());
            Fault::new(format!("{at}/{name}"), FaultCode::Required)
        }
        // Nullable: what the branch that is not null says.
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => {
            let branch = context.iter().find(|errors| !errors.iter().any(wants_null));
            for error in branch.into_iter().flatten() {
                explain(error, faults);
            }
            return;
        }
        // No value where there must be one; within a list it is an element of the wrong type.
        Kind::Type { .. } if error.instance().is_null() && !is_element(at) => {
            fault(FaultCode::Required)
        }
        Kind::Type { kind } => fault(FaultCode::Type).with("expected", expected_type(kind)),
        Kind::Enum { options } => {
            let allowed = options
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str);
            fault(FaultCode::Enum).with("allowed", allowed.collect::<Vec<_>>().join(", "))
        }
        Kind::MinLength { limit } => fault(FaultCode::MinLength).with("min", *limit),
        Kind::MaxLength { limit } => fault(FaultCode::MaxLength).with("max", *limit),
        Kind::MinItems { limit } => fault(FaultCode::MinItems).with("min", *limit),
        Kind::MaxItems { limit } => fault(FaultCode::MaxItems).with("max", *limit),
        Kind::Minimum { limit } => fault(FaultCode::Minimum).with("min", limit.clone()),
        Kind::Maximum { limit } => fault(FaultCode::Maximum).with("max", limit.clone()),
        Kind::UniqueItems => fault(FaultCode::UniqueItems),
        Kind::Format { format } => fault(FaultCode::Format)
            .with("expected", format.clone())
            .with("example", example_of(format)),
        Kind::Pattern { pattern } => {
            fault(FaultCode::Pattern).with("expected", patterns::name(pattern))
        }
        _ => fault(FaultCode::NotAllowed),
    });
}

/// Whether a pointer leads to an element of a list.
fn is_element(pointer: &str) -> bool {
    let last = pointer.rsplit('/').next().unwrap_or_default();
    last.parse::<usize>().is_ok()
}

fn wants_null(error: &ValidationError<'_>) -> bool {
    matches!(
        error.kind(),
        ValidationErrorKind::Type {
            kind: TypeKind::Single(JsonType::Null)
        }
    )
}

/// A text of this format; the API document has no other formats than these and addresses.
fn example_of(format: &str) -> &'static str {
    match format {
        "date" => "1987-04-12",
        "date-time" => "2026-11-20T14:30:00Z",
        "uuid" => "01a20744-99a9-7658-b609-f511341d099b",
        _ => "https://livret.example",
    }
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
pub(crate) fn collect(at: &str, errors: &ValidationErrors, faults: &mut Vec<Fault>) {
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
                        .map(|error| Fault::new(&pointer, code_of(error))),
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
            errors.add(
                to,
                validator::ValidationError::new(FaultCode::DatesOrder.into()),
            );
            Err(errors)
        }
        _ => Ok(()),
    }
}

/// What a rule refused with; what it does not name is not allowed.
fn code_of(error: &validator::ValidationError) -> FaultCode {
    error.code.parse().unwrap_or(FaultCode::NotAllowed)
}
