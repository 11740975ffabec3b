//! The API document for tools that read nothing newer than OpenAPI 3.0.3 or Swagger 2.0. What the older
//! form cannot say is left out, or kept in an `x-` extension.

mod bodies;
mod schemas;
mod swagger;
mod unions;

use serde_json::{Value, json};

use super::clients::offer_json_alone;

/// OpenAPI 3.0.3.
pub(crate) fn openapi_3_0(mut document: Value) -> Value {
    if let Some(document) = document.as_object_mut() {
        document.insert("openapi".into(), json!("3.0.3"));
        document.remove("webhooks");
        document.remove("jsonSchemaDialect");
        if let Some(info) = document.get_mut("info").and_then(Value::as_object_mut) {
            info.remove("summary");
            let license = info.get_mut("license").and_then(Value::as_object_mut);
            license.and_then(|license| license.remove("identifier"));
        }
    }
    offer_json_alone(&mut document);
    for_each_schema(&mut document, &schemas::as_3_0);
    document
}

/// Swagger 2.0.
pub(crate) fn swagger_2_0(document: Value) -> Value {
    swagger::from_3_0(openapi_3_0(document))
}

/// Visits each whole schema: the named ones, and those of parameters, headers and media types.
fn for_each_schema(document: &mut Value, visit: &impl Fn(&mut Value)) {
    let named = document.pointer_mut("/components/schemas");
    for schema in named.and_then(Value::as_object_mut).into_iter().flatten() {
        visit(schema.1);
    }
    for place in ["/paths", "/components/responses", "/components/headers"] {
        if let Some(place) = document.pointer_mut(place) {
            within(place, visit);
        }
    }
}

fn within(value: &mut Value, visit: &impl Fn(&mut Value)) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| within(item, visit)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    "schema" => visit(field),
                    "example" | "examples" => {}
                    _ => within(field, visit),
                }
            }
        }
        _ => {}
    }
}
