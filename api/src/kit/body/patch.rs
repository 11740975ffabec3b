//! JSON Merge Patch (RFC 7396): absent is unchanged, null erases, arrays are replaced.

use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::Validate;

use crate::foundation::operations::Operation;
use crate::foundation::operations::faults::check;
use crate::foundation::operations::nulls::without_nulls;
use crate::kit::body::input::{operation_of, read_body, typed};
use crate::kit::{Code, Problem, Result};

/// A partial change of what `T` describes: its editable fields.
#[derive(Debug)]
pub struct MergePatch<T> {
    patch: Value,
    operation: Arc<Operation>,
    target: PhantomData<T>,
}

/// What a patch made of the editable fields.
#[derive(Debug)]
pub struct Edited<T> {
    /// The fields, changed and valid as a whole.
    pub value: T,
    /// The names of those that changed.
    pub changed: Vec<String>,
    before: Value,
}

impl<T> Edited<T> {
    /// The same edit, as the fields of another type.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> Edited<U> {
        Edited {
            value: map(self.value),
            changed: self.changed,
            before: self.before,
        }
    }
}

impl<T: Serialize> Edited<T> {
    /// What makes the one of the other.
    ///
    /// # Errors
    /// None in practice: what was read can be written.
    pub fn between(present: &T, value: T) -> Result<Self> {
        let before = serde_json::to_value(present).or(Err(Problem::new(Code::InternalError)))?;
        Self {
            value,
            changed: Vec::new(),
            before,
        }
        .adjust(|value| value)
    }

    /// Sets the fields that follow from others.
    ///
    /// # Errors
    /// None in practice: what was read can be written.
    pub fn adjust(self, adjust: impl FnOnce(T) -> T) -> Result<Self> {
        let value = adjust(self.value);
        let after = serde_json::to_value(&value).or(Err(Problem::new(Code::InternalError)))?;
        Ok(Self {
            value,
            changed: changed(&self.before, &after),
            before: self.before,
        })
    }
}

impl<T: Serialize + DeserializeOwned + Validate> MergePatch<T> {
    /// Applies the patch to the present values and checks the whole, so that rules across fields
    /// hold for what results.
    ///
    /// # Errors
    /// 422 when the result would be invalid.
    pub fn apply(self, present: &T) -> Result<Edited<T>> {
        let before = serde_json::to_value(present).or(Err(Problem::new(Code::InternalError)))?;
        let mut after = before;
        merge(&mut after, self.patch);
        let mut faults = Vec::new();
        check(&self.operation.whole, &after, &mut faults);
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        Edited::between(present, typed(after)?)
    }

    /// What the patch describes by itself, where there is nothing yet to change.
    ///
    /// # Errors
    /// 422 for what it leaves out.
    pub fn whole(mut self) -> Result<T> {
        let mut faults = Vec::new();
        without_nulls(&mut self.patch);
        check(&self.operation.whole, &self.patch, &mut faults);
        if !faults.is_empty() {
            return Err(Problem::invalid(faults));
        }
        typed(self.patch)
    }

    /// What the patch gives to this field.
    ///
    /// # Errors
    /// None in practice: the patch was checked against its schema.
    pub fn given<F: DeserializeOwned>(&self, field: &str) -> Result<Option<F>> {
        let given = self.patch.get(field).filter(|given| !given.is_null());
        let given = given.cloned().map(serde_json::from_value);
        given.transpose().or(Err(Problem::new(Code::InternalError)))
    }

    /// Gives a field another value than the caller did.
    ///
    /// # Errors
    /// None in practice: what was read can be written.
    pub fn set(&mut self, field: &str, value: impl Serialize) -> Result<()> {
        let value = serde_json::to_value(value).or(Err(Problem::new(Code::InternalError)))?;
        if let Value::Object(fields) = &mut self.patch {
            fields.insert(field.to_owned(), value);
        }
        Ok(())
    }

    /// Whether the patch speaks of this field.
    #[must_use]
    pub fn names(&self, field: &str) -> bool {
        self.patch.get(field).is_some()
    }

    /// The text that the patch gives to this field.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&str> {
        self.patch.get(field)?.as_str()
    }
}

/// The names of the fields that differ.
#[must_use]
pub fn changed(before: &Value, after: &Value) -> Vec<String> {
    let fields = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let before = fields(before);
    fields(after)
        .into_iter()
        .filter(|(name, value)| before.get(name) != Some(value))
        .map(|(name, _)| name)
        .collect()
}

/// RFC 7396, section 2: what is erased is as it is where nobody says anything of it.
pub fn merge(target: &mut Value, patch: Value) {
    match patch {
        Value::Object(fields) => {
            if !target.is_object() {
                *target = Value::Object(serde_json::Map::new());
            }
            if let Value::Object(object) = target {
                for (name, value) in fields {
                    if value.is_null() {
                        object.remove(&name);
                    } else {
                        merge(object.entry(name).or_insert(Value::Null), value);
                    }
                }
            }
        }
        other => *target = other,
    }
}

impl<T: 'static> FromRequest for MergePatch<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media_types: &[&str] = match *request.method() {
            Method::PATCH => &["application/merge-patch+json", "application/json"],
            _ => &["application/json"],
        };
        let body = read_body(request, payload, media_types);
        let operation = operation_of(request);
        Box::pin(async move {
            Ok(Self {
                patch: body.await?,
                operation: operation?,
                target: PhantomData,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_changes_what_it_names_and_erases_with_null() {
        let mut target = json!({"a": "b", "c": {"d": "e", "f": "g"}, "h": [1]});
        merge(
            &mut target,
            json!({"a": "z", "c": {"f": null}, "h": [2, 3]}),
        );
        assert_eq!(target, json!({"a": "z", "c": {"d": "e"}, "h": [2, 3]}));
    }
}
