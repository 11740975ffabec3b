//! What is wrong with one field.

use entity::values::Locale;
use serde_json::{Map, Value};

use super::catalogue::patterns;
use super::{FaultCode, FieldFault, POINTER_LIMIT, Warning};

/// What is wrong with one field.
#[derive(Clone, Debug)]
pub struct Fault {
    pointer: String,
    code: FaultCode,
    params: Map<String, Value>,
}

impl Fault {
    /// A fault at a JSON pointer (RFC 6901).
    pub fn new(pointer: impl Into<String>, code: FaultCode) -> Self {
        Self {
            pointer: within_bounds(pointer.into()),
            code,
            params: Map::new(),
        }
    }

    /// Adds a value that the text of the fault names.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// The same fault elsewhere.
    #[must_use]
    pub(crate) fn at(mut self, pointer: &str) -> Self {
        self.pointer = within_bounds(pointer.to_owned());
        self
    }

    /// Where it is.
    pub(crate) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What it is.
    pub(crate) fn code(&self) -> FaultCode {
        self.code
    }

    /// The values that its text names, as they are kept.
    pub(crate) fn params_json(&self) -> String {
        Value::Object(self.params.clone()).to_string()
    }

    /// The fault of this code with values that were kept.
    pub(crate) fn again(pointer: String, code: FaultCode, params: &str) -> Self {
        Self {
            pointer,
            code,
            params: serde_json::from_str(params).unwrap_or_default(),
        }
    }

    /// The names of the values that its text may show.
    pub(crate) fn params(&self) -> impl Iterator<Item = &String> {
        self.params.keys()
    }

    /// The same as a warning, which does not stand in the way.
    #[must_use]
    pub fn warning(&self, locale: Locale) -> Warning {
        let FieldFault { code, detail, .. } = self.body(locale);
        Warning { code, detail }
    }

    pub(crate) fn body(&self, locale: Locale) -> FieldFault {
        let mut detail = self.code.text(locale).to_owned();
        for (name, value) in &self.params {
            let shown = match value.as_str() {
                Some(pattern)
                    if matches!(self.code, FaultCode::Pattern | FaultCode::Format)
                        && name == "expected" =>
                {
                    patterns::said(pattern, locale).to_owned()
                }
                Some(text) => text.to_owned(),
                None => value.to_string(),
            };
            detail = detail.replace(&format!("{{{name}}}"), &shown);
        }
        FieldFault {
            pointer: self.pointer.clone(),
            code: self.code.to_string(),
            detail,
            params: self.params.clone(),
        }
    }
}

/// What somebody called a field may be a megabyte long.
fn within_bounds(mut pointer: String) -> String {
    if let Some((end, _)) = pointer.char_indices().nth(POINTER_LIMIT) {
        pointer.truncate(end);
        pointer.shrink_to_fit();
    }
    pointer
}
