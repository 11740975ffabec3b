//! How large each value may be, where the API document's types leave it unsaid: an answer is as bounded
//! as the bodies of the operations that answer it, a text as its format, a number as its type.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::operations;
use crate::foundation::operations::dates::bounds_of;

/// The keywords that an answer's field takes over from its input's.
const BOUNDS: [&str; 4] = ["maxLength", "maxItems", "minimum", "maximum"];
/// The largest whole number that JavaScript reads exactly.
const SAFE_INTEGER: i64 = 9_007_199_254_740_991;

/// Bounds all schemas, parameters and headers.
pub(super) fn bound(document: &mut Value) {
    bound_whole_lists(document);
    let written = written(document);
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        for (input, answer) in written {
            let input = schemas
                .get(&input)
                .and_then(|input| input.get("properties"));
            if let (Some(input), Some(answer)) = (input.cloned(), schemas.get_mut(&answer)) {
                take_over(answer, &input);
            }
        }
    }
    for_each_schema(document, &mut by_type);
    bound_days(document);
}

/// Says of the days and instants that are sent from when to when they may be.
fn bound_days(document: &mut Value) {
    let mut waiting: Vec<Value> = operations(document)
        .filter_map(|operation| operation.get("requestBody").cloned())
        .collect();
    let mut sent = BTreeSet::new();
    while let Some(value) = waiting.pop() {
        for name in names_in(&value) {
            let schema = document.pointer(&format!("/components/schemas/{name}"));
            let schema = schema.cloned().unwrap_or_default();
            if sent.insert(name) {
                waiting.push(schema);
            }
        }
    }
    let schemas = document.pointer_mut("/components/schemas");
    let schemas = schemas.and_then(Value::as_object_mut).into_iter().flatten();
    for (_, schema) in schemas.filter(|(name, _)| sent.contains(*name)) {
        for (field, property) in properties_mut(schema) {
            let format = property.get("format").and_then(Value::as_str);
            let is_day = matches!(format, Some("date" | "date-time"));
            if let (true, Some(bounds), Value::Object(property)) =
                (is_day, bounds_of(field), property)
            {
                property.insert("x-earliest".into(), bounds.earliest.into());
                let latest = bounds.latest.unwrap_or("today");
                property.insert("x-latest".into(), latest.into());
            }
        }
    }
}

/// The schemas that a part of the document refers to.
fn names_in(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().flat_map(names_in).collect(),
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str);
            let own = own.and_then(|name| name.strip_prefix("#/components/schemas/"));
            let own = own.map(ToOwned::to_owned).into_iter();
            own.chain(fields.values().flat_map(names_in)).collect()
        }
        _ => Vec::new(),
    }
}

/// Which schema is written with which: each operation's body, and the object that it answers.
fn written(document: &mut Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for operation in operations(document) {
        let bodies = operation
            .get("requestBody")
            .and_then(|body| body.get("content"));
        let bodies = bodies.and_then(Value::as_object).into_iter().flatten();
        let responses = operation.get("responses");
        for (_, body) in bodies {
            for status in ["200", "201"] {
                let answer = responses
                    .and_then(|all| all.get(status)?.pointer("/content/application~1json"));
                pairs.extend(named(body).zip(answer.and_then(named)));
            }
        }
    }
    pairs
}

/// The name of the schema that a body or an answer has.
fn named(media: &Value) -> Option<String> {
    let schema = media.pointer("/schema/$ref")?.as_str()?;
    Some(
        schema
            .trim_start_matches("#/components/schemas/")
            .to_owned(),
    )
}

/// `FollowUp.comment` is as long as `FollowUpInput.comment` may be.
fn take_over(answer: &mut Value, input: &Value) {
    for (field, property) in properties_mut(answer) {
        let (Value::Object(property), Some(input)) = (property, input.get(field)) else {
            continue;
        };
        for keyword in BOUNDS {
            if let Some(bound) = input.get(keyword) {
                property.entry(keyword).or_insert(bound.clone());
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

/// A list that answers whole may hold more than a page does: its operation says so (`x-most`).
fn bound_whole_lists(document: &mut Value) {
    let mut pages = Vec::new();
    for operation in operations(document) {
        let most = operation.remove("x-most");
        let page = operation
            .get("responses")
            .and_then(|responses| named(responses.pointer("/200/content/application~1json")?));
        pages.extend(page.zip(most));
    }
    for (page, most) in pages {
        let items = format!("/components/schemas/{page}/properties/items");
        if let Some(Value::Object(items)) = document.pointer_mut(&items) {
            items.insert("maxItems".into(), most);
        }
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
    let most = schema.get("maximum").and_then(Value::as_i64);
    if schema.get("format") == Some(&json!("int64"))
        && most.is_some_and(|most| most <= i32::MAX.into())
    {
        schema.insert("format".into(), json!("int32"));
    }
}
