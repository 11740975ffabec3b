//! The columns that a file may have, out of the schema of the POST that makes one object, and what a
//! cell comes to in its body.

use serde_json::{Map, Value};

use super::target::ROW_FIELDS;
use super::targets::Shape;
use crate::kit::{Fault, FaultCode};
use crate::outside::formulas::given_back;

/// What stands between the items of a list in one cell.
const BETWEEN_ITEMS: char = '|';

/// The most columns that a file has: many more than there are names for them.
pub(super) const MOST_COLUMNS: usize = 1000;

/// One column of a file.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// As the header has it: the field, or `object.field`.
    pub(super) name: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Number,
    Truth,
    List,
}

/// The columns that a header names.
///
/// # Errors
/// The names that are unknown or stand twice; names of another system, where nothing says which one.
pub(super) fn columns(
    header: &[String],
    shape: &Shape<'_>,
    system: Option<&str>,
) -> Result<Vec<Column>, Vec<Fault>> {
    if header.is_empty() {
        return Err(vec![Fault::new("", FaultCode::EmptyFile)]);
    }
    if header.len() > MOST_COLUMNS {
        let fault = Fault::new("", FaultCode::MaxItems);
        return Err(vec![fault.with("max", MOST_COLUMNS)]);
    }
    let known = known(shape);
    let mut columns: Vec<Column> = Vec::new();
    let mut faults = Vec::new();
    for name in header {
        let pointer = format!("/{}", name.replace('.', "/"));
        if columns.iter().any(|column| column.name == *name) {
            faults.push(Fault::new(pointer, FaultCode::UniqueItems));
        } else if let Some(column) = known.iter().find(|column| column.name == *name) {
            columns.push(column.clone());
        } else {
            let allowed: Vec<&str> = known.iter().map(|column| &*column.name).collect();
            let fault = Fault::new(pointer, FaultCode::UnknownColumn);
            faults.push(fault.with("allowed", allowed.join(", ")));
        }
    }
    let [external_id, own] = ROW_FIELDS;
    let has = |name: &str| header.iter().any(|column| column == name);
    if has(external_id) && !has(own) && system.is_none() {
        faults.push(Fault::new(format!("/{own}"), FaultCode::Required));
    }
    if faults.is_empty() {
        Ok(columns)
    } else {
        Err(faults)
    }
}

fn known(shape: &Shape<'_>) -> Vec<Column> {
    let own = ROW_FIELDS.iter().chain(shape.also);
    let mut known: Vec<Column> = own
        .map(|name| Column {
            name: (*name).to_owned(),
            kind: Kind::Text,
        })
        .collect();
    let Some(source) = shape.schema else {
        return known;
    };
    add(
        source,
        source.pointer("/allOf/0").unwrap_or(source),
        "",
        &mut known,
    );
    known
}

/// The properties of a schema, those of the objects within it after a dot.
fn add(source: &Value, schema: &Value, before: &str, known: &mut Vec<Column>) {
    let schema = resolved(source, schema);
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flatten() {
        let name = format!("{before}{name}");
        let property = resolved(source, property);
        let is = |kind: &str| match property.get("type") {
            Some(Value::String(one)) => one == kind,
            Some(Value::Array(several)) => several.iter().any(|one| one == kind),
            _ => false,
        };
        let kind = if is("object") {
            add(source, property, &format!("{name}."), known);
            continue;
        } else if is("array") {
            let items = property.get("items").map(|items| resolved(source, items));
            // A list of objects has no place in a cell.
            if items.is_some_and(|items| items.get("properties").is_some()) {
                continue;
            }
            Kind::List
        } else if is("integer") || is("number") {
            Kind::Number
        } else if is("boolean") {
            Kind::Truth
        } else {
            Kind::Text
        };
        known.push(Column { name, kind });
    }
}

/// The schema itself, the one that it refers to, or the branch that is not null.
fn resolved<'a>(source: &'a Value, schema: &'a Value) -> &'a Value {
    let branches = ["oneOf", "anyOf"]
        .iter()
        .find_map(|keyword| schema.get(keyword)?.as_array());
    let branch = branches
        .into_iter()
        .flatten()
        .find(|branch| branch.get("type") != Some(&Value::from("null")));
    let schema = branch.unwrap_or(schema);
    let reference = schema.get("$ref").and_then(Value::as_str);
    reference
        .and_then(|name| source.pointer(name.trim_start_matches('#')))
        .unwrap_or(schema)
}

/// The object that a record says: an empty cell is null, and the apostrophes of an export are taken away.
///
/// # Errors
/// A row without a name, in a file that gives names: it would make another object each time.
pub(super) fn object(columns: &[Column], cells: &[&str]) -> Result<Map<String, Value>, Fault> {
    let mut object = Map::new();
    for (column, cell) in columns.iter().zip(cells) {
        let value = value(column.kind, &given_back(cell.trim()));
        match column.name.split_once('.') {
            None => {
                object.insert(column.name.clone(), value);
            }
            Some((whole, field)) => {
                let part = object.entry(whole).or_insert(Value::Null);
                if !value.is_null() && part.is_null() {
                    *part = Map::new().into();
                }
                if let Some(part) = part.as_object_mut() {
                    part.insert(field.to_owned(), value);
                }
            }
        }
    }
    let [external_id, _] = ROW_FIELDS;
    if object.get(external_id).is_some_and(Value::is_null) {
        let pointer = format!("/{external_id}");
        return Err(Fault::new(pointer, FaultCode::Required));
    }
    Ok(object)
}

fn value(kind: Kind, cell: &str) -> Value {
    let text = || Value::from(cell);
    if cell.is_empty() {
        return Value::Null;
    }
    match kind {
        Kind::Text => text(),
        Kind::Number => cell.parse::<i64>().map_or_else(|_| text(), Value::from),
        Kind::Truth => cell.parse::<bool>().map_or_else(|_| text(), Value::from),
        Kind::List => cell.split(BETWEEN_ITEMS).map(str::trim).collect(),
    }
}

/// The column that a pointer into the object leads to: its number, from 1, and its name.
pub(super) fn column_of(names: &[String], pointer: &str) -> Option<(i32, String)> {
    let mut segments = pointer.split('/').skip(1);
    let first = segments.next()?;
    // What another system calls the object stands in a column of its own.
    let (first, second) = match (first, segments.next(), segments.next()) {
        ("external_references", Some(_), Some("system")) => ("external_system", None),
        ("external_references", ..) => ("external_id", None),
        (first, second, _) => (first, second),
    };
    let nested = second.map(|second| format!("{first}.{second}"));
    let place = names.iter().position(|name| {
        name == first || nested.as_ref() == Some(name) || name.starts_with(&format!("{first}."))
    })?;
    let name = match nested {
        Some(nested) if names.contains(&nested) => nested,
        _ => names.get(place)?.clone(),
    };
    let place = names.iter().position(|one| *one == name)?;
    Some((i32::try_from(place + 1).ok()?, name))
}
