//! How large each value may be, where the contract's types leave it unsaid: an answer is as bounded
//! as the input it was written with, a text as its format, a number as its type, a page as `limit`.

use serde_json::{Map, Value, json};

/// The keywords that an answer's field takes over from its input's.
const BOUNDS: [&str; 4] = ["maxLength", "maxItems", "minimum", "maximum"];
/// The largest whole number that JavaScript reads exactly.
const SAFE_INTEGER: i64 = 9_007_199_254_740_991;

/// Bounds all schemas, parameters and headers.
pub(super) fn bound(document: &mut Value) {
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        let inputs = schemas.clone();
        for (name, schema) in schemas {
            take_over(name, schema, &inputs);
            bound_pages(name, schema);
        }
    }
    for_each_schema(document, &mut by_type);
}

/// `FollowUp.comment` is as long as `FollowUpInput.comment` may be.
fn take_over(name: &str, schema: &mut Value, schemas: &Map<String, Value>) {
    let inputs = [
        format!("{name}Input"),
        format!("{name}Edit"),
        format!("New{name}"),
    ];
    for (field, property) in properties_mut(schema) {
        let same = inputs
            .iter()
            .filter_map(|input| schemas.get(input)?.get("properties")?.get(field));
        let Value::Object(property) = property else {
            continue;
        };
        for input in same {
            for keyword in BOUNDS {
                if let Some(bound) = input.get(keyword) {
                    property.entry(keyword).or_insert(bound.clone());
                }
            }
        }
    }
}

/// The properties of an object, those of its parts included.
fn properties_mut(schema: &mut Value) -> Vec<(&String, &mut Value)> {
    let Value::Object(schema) = schema else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (keyword, value) in schema {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(properties)) => found.extend(properties.iter_mut()),
            ("allOf", Value::Array(parts)) => {
                found.extend(parts.iter_mut().flat_map(properties_mut));
            }
            _ => {}
        }
    }
    found
}

/// No page holds more than `limit` may ask for; short lists answer whole, with 200 items at most.
fn bound_pages(name: &str, schema: &mut Value) {
    let most = match name {
        "ObjectivePage" | "PlanStepPage" | "StagePage" | "VaeStagePage" => 200,
        _ if name.ends_with("Page") => 100,
        _ => return,
    };
    if let Some(Value::Object(items)) = schema.pointer_mut("/properties/items") {
        items.entry("maxItems").or_insert(json!(most));
    }
}

/// Visits everything that has a `type`.
fn for_each_schema(value: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| for_each_schema(item, visit)),
        Value::Object(fields) => {
            let is_schema = fields
                .get("type")
                .is_some_and(|kind| kind.is_string() || kind.is_array());
            if is_schema {
                visit(fields);
            }
            for (name, field) in fields {
                if name == "propertyNames"
                    && let Value::Object(names) = field
                {
                    names.entry("maxLength").or_insert(json!(60));
                }
                if !matches!(name.as_str(), "example" | "examples" | "default" | "enum") {
                    for_each_schema(field, visit);
                }
            }
        }
        _ => {}
    }
}

/// What follows from the type and the format alone.
fn by_type(schema: &mut Map<String, Value>) {
    let format = schema.get("format").and_then(Value::as_str);
    let is = |kind: &str| match schema.get("type") {
        Some(Value::String(one)) => one == kind,
        Some(Value::Array(several)) => several.iter().any(|one| one == kind),
        _ => false,
    };
    let bounds = if is("integer") {
        let most = if format == Some("int32") {
            i32::MAX.into()
        } else {
            SAFE_INTEGER
        };
        vec![("minimum", json!(0)), ("maximum", json!(most))]
    } else if is("string") && !schema.contains_key("enum") {
        match format {
            Some("uuid") => vec![("maxLength", json!(36))],
            Some("date") => vec![("maxLength", json!(10))],
            Some("date-time") => vec![("maxLength", json!(64))],
            Some("uri") => vec![("maxLength", json!(2000))],
            _ => Vec::new(),
        }
    } else {
        Vec::new()
    };
    for (keyword, bound) in bounds {
        schema.entry(keyword).or_insert(bound);
    }
}
