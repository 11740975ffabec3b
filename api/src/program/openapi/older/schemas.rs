//! Schemas of JSON Schema 2020-12, as OpenAPI 3.1 has them, in the words of OpenAPI 3.0.3.

use serde_json::{Map, Value, json};

/// What OpenAPI 3.0.3 has no word for.
const UNKNOWN: [&str; 12] = [
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "dependentRequired",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "unevaluatedProperties",
];

/// Rewrites a schema and those within it.
pub(super) fn as_3_0(schema: &mut Value) {
    let Value::Object(fields) = schema else {
        return;
    };
    for_each_part(fields, &mut as_3_0);
    name_binary(fields);
    null_among_types(fields);
    null_among_branches(fields);
    if let Some(value) = fields.remove("const") {
        fields.insert("enum".into(), json!([value]));
    }
    if let Some(Value::Array(examples)) = fields.remove("examples")
        && let Some(first) = examples.into_iter().next()
    {
        fields.entry("example").or_insert(first);
    }
    for (exclusive, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if fields.get(exclusive).is_some_and(Value::is_number)
            && let Some(limit) = fields.insert(exclusive.into(), json!(true))
        {
            fields.insert(bound.into(), limit);
        }
    }
    for keyword in UNKNOWN {
        fields.remove(keyword);
    }
    alone(fields);
}

/// Calls something for each schema directly within this one.
pub(super) fn for_each_part(fields: &mut Map<String, Value>, call: &mut impl FnMut(&mut Value)) {
    for (keyword, value) in fields {
        match (keyword.as_str(), value) {
            ("properties", Value::Object(parts)) => parts.values_mut().for_each(&mut *call),
            ("allOf" | "oneOf" | "anyOf", Value::Array(parts)) => {
                parts.iter_mut().for_each(&mut *call);
            }
            ("items" | "additionalProperties" | "not", part) => call(part),
            _ => {}
        }
    }
}

/// Files are a format of strings.
fn name_binary(fields: &mut Map<String, Value>) {
    let format = match (
        fields.get("contentEncoding").and_then(Value::as_str),
        fields.get("contentMediaType").and_then(Value::as_str),
    ) {
        (Some("base64"), _) => "byte",
        (None, Some("application/octet-stream")) => "binary",
        _ => return,
    };
    fields.entry("format").or_insert(json!(format));
}

/// `["string", "null"]` is a nullable string.
fn null_among_types(fields: &mut Map<String, Value>) {
    let (null, types): (Vec<Value>, Vec<Value>) = match fields.get("type") {
        Some(Value::Array(types)) => types.iter().cloned().partition(|kind| kind == "null"),
        Some(Value::String(kind)) if kind == "null" => {
            fields.insert("enum".into(), json!([null]));
            (vec![json!("null")], vec![json!("object")])
        }
        _ => return,
    };
    if let [kind] = types.as_slice() {
        fields.insert("type".into(), kind.clone());
    } else {
        fields.remove("type");
        let branches = types.into_iter().map(|kind| json!({ "type": kind }));
        fields.insert("anyOf".into(), branches.collect());
    }
    if !null.is_empty() {
        fields.insert("nullable".into(), json!(true));
        if let Some(values) = fields.get_mut("enum").and_then(Value::as_array_mut)
            && !values.contains(&Value::Null)
        {
            values.push(Value::Null);
        }
    }
}

/// `oneOf` something and null is a nullable something.
fn null_among_branches(fields: &mut Map<String, Value>) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(branches)) = fields.get_mut(keyword) else {
            continue;
        };
        let before = branches.len();
        branches.retain(|branch| branch.get("enum") != Some(&json!([null])));
        if branches.len() == before {
            continue;
        }
        if let [only] = branches.as_mut_slice() {
            let only = only.take();
            fields.remove(keyword);
            fields.insert("allOf".into(), json!([only]));
        }
        fields.insert("nullable".into(), json!(true));
    }
}

/// What stands beside a reference would be ignored: the reference goes into an `allOf`.
fn alone(fields: &mut Map<String, Value>) {
    if fields.len() > 1
        && let Some(reference) = fields.remove("$ref")
    {
        fields.insert("allOf".into(), json!([{ "$ref": reference }]));
    }
}
