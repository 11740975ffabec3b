//! Names for what the generator repeats or leaves out: pages and patches; descriptions in one place.

use serde_json::{Map, Value, json};

/// `Page<FollowUp>` becomes `FollowUpPage`, and names its items instead of repeating them.
pub(super) fn pages_by_name(document: &mut Value) {
    let mut renamed = Vec::new();
    if let Some(schemas) = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut)
    {
        let pages: Vec<String> = schemas
            .keys()
            .filter(|name| name.starts_with("Page_"))
            .cloned()
            .collect();
        for old in pages {
            let Some(mut page) = schemas.remove(&old) else {
                continue;
            };
            let item = old.trim_start_matches("Page_").to_owned();
            if let Some(items) = page.pointer_mut("/properties/items/items") {
                *items = json!({ "$ref": format!("#/components/schemas/{item}") });
            }
            schemas.insert(format!("{item}Page"), page);
            renamed.push((old, format!("{item}Page")));
        }
    }
    for (old, new) in renamed {
        rename(
            document,
            &format!("#/components/schemas/{old}"),
            &format!("#/components/schemas/{new}"),
        );
    }
}

/// What a nullable reference is for belongs beside it, not within its branch.
pub(super) fn describe_once(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(describe_once),
        Value::Object(fields) => {
            let branches = fields.get_mut("oneOf").and_then(Value::as_array_mut);
            let description = branches.into_iter().flatten().find_map(|branch| {
                let branch = branch.as_object_mut()?;
                branch.contains_key("$ref").then_some(())?;
                branch.remove("description")
            });
            if let Some(description) = description {
                fields.entry("description").or_insert(description);
            }
            fields.values_mut().for_each(describe_once);
        }
        _ => {}
    }
}

fn rename(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) if text == old => new.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, old, new)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| rename(field, old, new)),
        _ => {}
    }
}

/// The bodies of which any field may be absent: merge patches, and what is put over an object of
/// another system's.
const PATCHES: [&str; 2] = [
    "/patch/requestBody/content/application~1merge-patch+json/schema/$ref",
    "/put/requestBody/content/application~1json/schema/$ref",
];

/// A merge patch of `FollowUpInput` is a `FollowUpInputPatch`: the same fields, none required.
pub(super) fn patches_by_name(document: &mut Value) {
    let Some(schemas) = document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
    else {
        return;
    };
    let mut schemas = schemas.clone();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut) {
        // A PUT that makes nothing replaces what it is given, whole.
        let is_whole = item.get("put").is_some() && item.pointer("/put/responses/201").is_none();
        for pointer in PATCHES {
            let Some(Value::String(reference)) = item.pointer_mut(pointer).filter(|_| !is_whole)
            else {
                continue;
            };
            let name = reference
                .trim_start_matches("#/components/schemas/")
                .to_owned();
            add_patch(&mut schemas, &name);
            *reference = format!("#/components/schemas/{name}Patch");
        }
    }
    if let Some(target) = document.pointer_mut("/components/schemas") {
        *target = Value::Object(schemas);
    }
}

/// Adds `<name>Patch`: nothing is required, in the objects within it neither.
fn add_patch(schemas: &mut Map<String, Value>, name: &str) {
    let Some(Value::Object(mut schema)) = schemas.get(name).cloned() else {
        return;
    };
    schema.remove("required");
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut) {
        let Some(part) = reference_within(property) else {
            continue;
        };
        let part_name = part.trim_start_matches("#/components/schemas/").to_owned();
        if schemas
            .get(&part_name)
            .is_some_and(|part| part.get("properties").is_some())
        {
            *part = format!("#/components/schemas/{part_name}Patch");
            add_patch(schemas, &part_name);
        }
    }
    schemas.insert(format!("{name}Patch"), Value::Object(schema));
}

/// The schema that a property names, nullable or not.
fn reference_within(property: &mut Value) -> Option<&mut String> {
    let named = if property.get("oneOf").is_some() {
        let branches = property.get_mut("oneOf")?.as_array_mut()?;
        branches
            .iter_mut()
            .find_map(|branch| branch.get_mut("$ref"))?
    } else {
        property.get_mut("$ref")?
    };
    match named {
        Value::String(reference) => Some(reference),
        _ => None,
    }
}
