//! One rule for null: it is no value. What is made says with null what it says with nothing, and what is changed loses
//! the value that it had.

use serde_json::Value;

use super::faults::check;
use super::schema::Schema;
use crate::foundation::problem::{Fault, FaultCode};

/// Takes out the fields that are null, of what is to be made. A name that nobody knows is at fault all the same.
pub(crate) fn take_out(schema: &Schema, value: &mut Value, faults: &mut Vec<Fault>) {
    if !has_null(value) {
        return;
    }
    let mut all = Vec::new();
    check(schema, value, &mut all);
    without_nulls(value);
    let mut left = Vec::new();
    check(schema, value, &mut left);
    let is_known = |fault: &Fault| left.iter().any(|known| known.pointer() == fault.pointer());
    all.retain(|fault| fault.code() == FaultCode::UnknownField && !is_known(fault));
    faults.extend(all);
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields
            .values()
            .any(|field| field.is_null() || has_null(field)),
        Value::Array(items) => items.iter().any(has_null),
        _ => false,
    }
}

/// The same without its fields that are null.
pub(crate) fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_null_is_not_there_and_what_nobody_knows_is_told() {
        let source = json!({
            "type": "object",
            "properties": { "a": { "type": "string" }, "b": { "type": "string" } },
            "required": ["b"],
            "additionalProperties": false
        });
        let schema = Schema::of(&json!({}), Some(&source));
        let mut faults = Vec::new();
        let mut value = json!({ "a": null, "b": null, "c": null });
        take_out(&schema, &mut value, &mut faults);
        assert_eq!(value, json!({}));
        let told: Vec<_> = faults
            .iter()
            .map(|fault| (fault.pointer(), fault.code()))
            .collect();
        assert_eq!(told, [("/c", FaultCode::UnknownField)]);
        let mut value = json!({ "a": [{ "b": null }, null], "c": { "d": null } });
        without_nulls(&mut value);
        assert_eq!(value, json!({ "a": [{}, null], "c": {} }));
    }
}
