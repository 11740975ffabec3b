//! Query parameters, checked against the API document's own schemas: all faults at once.

use serde_json::Value;

use super::faults::check;
use super::schema::Schema;
use crate::foundation::problem::{Fault, FaultCode};

/// A query parameter of an operation.
#[derive(Debug)]
pub(crate) struct Parameter {
    kind: Kind,
    schema: Schema,
}

/// What a parameter's text stands for.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Number,
    Boolean,
    /// Several, with commas between them (`style: form`, `explode: false`).
    List,
}

impl Parameter {
    /// As the API document describes it.
    pub(super) fn read(document: &Value, schema: &Value) -> Self {
        let reference = schema.get("$ref").and_then(Value::as_str);
        let named = reference.and_then(|name| document.pointer(name.trim_start_matches('#')));
        let kind = named.unwrap_or(schema).get("type").and_then(Value::as_str);
        Self {
            kind: match kind {
                Some("integer" | "number") => Kind::Number,
                Some("boolean") => Kind::Boolean,
                Some("array") => Kind::List,
                _ => Kind::Text,
            },
            schema: Schema::of(document, Some(schema)),
        }
    }

    /// What is wrong with this value of it.
    pub(crate) fn check(&self, name: &str, text: &str, faults: &mut Vec<Fault>) {
        // PostgreSQL cannot compare with NUL.
        if text.contains('\0') {
            faults.push(Fault::new(name, FaultCode::NulCharacter));
            return;
        }
        let mut found = Vec::new();
        check(&self.schema, &self.value(text), &mut found);
        if !found.is_empty() && text.contains(' ') {
            let mut meant = Vec::new();
            check(
                &self.schema,
                &self.value(&text.replace(' ', "+")),
                &mut meant,
            );
            if meant.is_empty() {
                found = vec![Fault::new("", FaultCode::UnescapedPlus)];
            }
        }
        faults.extend(found.into_iter().map(|fault| fault.at(name)));
    }

    /// The value that the text stands for; the text itself when it stands for none.
    fn value(&self, text: &str) -> Value {
        let as_text = || Value::from(text);
        match self.kind {
            Kind::Text => as_text(),
            Kind::Number => text.parse::<i64>().map_or_else(|_| as_text(), Value::from),
            Kind::Boolean => text.parse::<bool>().map_or_else(|_| as_text(), Value::from),
            Kind::List => text.split(',').map(Value::from).collect(),
        }
    }
}
