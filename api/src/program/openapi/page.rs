//! The API document as `/docs/` shows it: in the form that Swagger UI opens quickest, of the service that shows
//! it, and with optional parameters left empty, for what stands in a field is sent.

use serde_json::Value;

use super::operations;

/// Takes the examples from the parameters that may be left out.
pub(super) fn leave_out(mut document: Value) -> Value {
    for operation in operations(&mut document) {
        let parameters = operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut);
        let parameters = parameters
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut);
        for parameter in parameters.filter(|one| one.get("required") != Some(&Value::Bool(true))) {
            parameter.remove("example");
        }
    }
    document
}

#[cfg(test)]
mod tests {
    use super::super::{Form, document, in_form};
    use super::*;

    #[test]
    fn swagger_ui_fills_in_what_an_operation_needs_and_nothing_else() {
        let mut page = leave_out(in_form(document(), Form::OpenApi30));
        let mut filled = 0;
        for operation in operations(&mut page) {
            let parameters = operation.get("parameters").and_then(Value::as_array);
            for parameter in parameters.into_iter().flatten() {
                let is_filled = parameter.get("example").is_some();
                let is_needed = parameter.get("required") == Some(&Value::Bool(true));
                assert_eq!(is_filled, is_needed, "{parameter}");
                filled += usize::from(is_filled);
            }
        }
        assert!(filled > 100, "{filled}");
    }
}
