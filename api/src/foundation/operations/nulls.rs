//! One rule for null: it is no value. What is made says with null what it says with nothing, and what is changed loses
//! the value that it had. The contract says of every field that may be left out that it may be null.

use serde_json::Value;

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
    fn fields_that_are_null_are_not_there_but_elements_are() {
        let mut value = json!({ "a": [{ "b": null }, null], "c": { "d": null }, "e": null });
        without_nulls(&mut value);
        assert_eq!(value, json!({ "a": [{}, null], "c": {} }));
    }
}
