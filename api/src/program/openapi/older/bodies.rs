//! Request bodies as Swagger 2.0 has them: one parameter `body`, or one per field of a form.

use serde_json::{Map, Value, json};

/// The parameters that stand for a body.
pub(super) fn parameters_of_body(document: &Value, body: &Value) -> Vec<Value> {
    let content = body.get("content").and_then(Value::as_object);
    let Some((media_type, content)) = content.and_then(|content| content.iter().next()) else {
        return Vec::new();
    };
    let schema = content.get("schema").cloned().unwrap_or_else(|| json!({}));
    if matches!(
        media_type.as_str(),
        "application/x-www-form-urlencoded" | "multipart/form-data"
    ) {
        return fields_of_form(document, &schema);
    }
    let mut parameter = json!({
        "name": "body",
        "in": "body",
        "required": body.get("required").and_then(Value::as_bool).unwrap_or(true),
        "schema": schema,
    });
    if let Some(parameter) = parameter.as_object_mut()
        && let Some(description) = body.get("description")
    {
        parameter.insert("description".into(), description.clone());
    }
    vec![parameter]
}

fn fields_of_form(document: &Value, schema: &Value) -> Vec<Value> {
    let form = resolved(document, schema);
    let required = form.get("required").and_then(Value::as_array);
    let fields = form.get("properties").and_then(Value::as_object);
    let parameter = |(name, field): (&String, &Value)| {
        let mut made = plain(document, Some(field));
        if made.get("format") == Some(&json!("binary")) {
            made.insert("type".into(), json!("file"));
        }
        let is_required = required.is_some_and(|list| list.iter().any(|field| field == name));
        made.insert("name".into(), json!(name));
        made.insert("in".into(), json!("formData"));
        made.insert("required".into(), json!(is_required));
        if let Some(description) = field.get("description") {
            made.insert("description".into(), description.clone());
        }
        Value::Object(made)
    };
    fields.into_iter().flatten().map(parameter).collect()
}

/// A schema for a place where neither references nor objects may stand: its type and its bounds.
pub(super) fn plain(document: &Value, schema: Option<&Value>) -> Map<String, Value> {
    let Some(schema) = schema else {
        return Map::new();
    };
    let mut made = Map::new();
    for part in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        made.extend(plain(document, Some(part)));
    }
    for (name, value) in resolved(document, schema).as_object().into_iter().flatten() {
        match name.as_str() {
            "items" => made.insert(name.clone(), plain(document, Some(value)).into()),
            "type" | "format" | "default" | "enum" | "pattern" | "uniqueItems" | "multipleOf"
            | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "minLength"
            | "maxLength" | "minItems" | "maxItems" => made.insert(name.clone(), value.clone()),
            _ => None,
        };
    }
    made
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let name = schema.get("$ref").and_then(Value::as_str);
    name.and_then(|name| document.pointer(name.trim_start_matches('#')))
        .unwrap_or(schema)
}
