//! Swagger 2.0 knows no unions: one becomes an object with the fields of all its branches, of which
//! only those are required that all have. `x-oneOf` keeps the branches.

use serde_json::{Map, Value, json};

/// Rewrites the unions among the named schemas, and those within them.
pub(super) fn merge_unions(schemas: &mut Map<String, Value>) {
    let known = schemas.clone();
    for schema in schemas.values_mut() {
        merge(schema, &known);
    }
}

fn merge(schema: &mut Value, known: &Map<String, Value>) {
    let Value::Object(fields) = schema else {
        return;
    };
    super::schemas::for_each_part(fields, &mut |part| merge(part, known));
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = fields.remove(keyword) else {
            continue;
        };
        let objects: Vec<Object> = branches.iter().map(|branch| flat(branch, known)).collect();
        if objects.iter().any(|object| !object.properties.is_empty()) {
            fields.insert("type".into(), json!("object"));
            fields.insert("properties".into(), all_properties(&objects).into());
            fields.insert("required".into(), common(&objects).into());
        }
        fields.insert("x-oneOf".into(), branches.into());
    }
    if let Some(discriminator) = fields.remove("discriminator") {
        fields.insert("x-discriminator".into(), discriminator);
    }
}

/// The fields of an object, those of its parts included.
#[derive(Default)]
struct Object {
    properties: Map<String, Value>,
    required: Vec<Value>,
}

fn flat(schema: &Value, known: &Map<String, Value>) -> Object {
    let name = schema.get("$ref").and_then(Value::as_str);
    let named = name.and_then(|name| known.get(name.rsplit('/').next()?));
    let schema = named.unwrap_or(schema);
    let mut object = Object::default();
    for part in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let part = flat(part, known);
        object.properties.extend(part.properties);
        object.required.extend(part.required);
    }
    if let Some(Value::Object(properties)) = schema.get("properties") {
        object.properties.extend(properties.clone());
    }
    if let Some(Value::Array(required)) = schema.get("required") {
        object.required.extend(required.clone());
    }
    object
}

/// A field that differs between branches by its values alone may have any of them.
fn all_properties(objects: &[Object]) -> Map<String, Value> {
    let mut all = Map::new();
    for (name, property) in objects.iter().flat_map(|object| &object.properties) {
        let Some(known) = all.get_mut(name) else {
            all.insert(name.clone(), property.clone());
            continue;
        };
        if let (Some(Value::Array(values)), Some(Value::Array(more))) =
            (known.get_mut("enum"), property.get("enum"))
        {
            for value in more {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
        } else if known != property {
            *known = json!({ "description": property.get("description") });
        }
    }
    all
}

fn common(objects: &[Object]) -> Vec<Value> {
    let [first, others @ ..] = objects else {
        return Vec::new();
    };
    let in_all = |name: &&Value| others.iter().all(|other| other.required.contains(name));
    first.required.iter().filter(in_all).cloned().collect()
}
