//! The columns that a file may have, out of the schema of the POST that makes one object.

use serde_json::Value;

use super::target::{ID, ROW_FIELDS};
use super::targets::Shape;
use crate::kit::{Fault, FaultCode};

/// The most columns that a file has: many more than there are names for them.
pub(super) const MOST_COLUMNS: usize = 1000;

/// One column of a file.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// As the header has it: the field, or `object.field`.
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// What the cells of a column say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Date,
    Number,
    Truth,
    List,
    Object,
    /// What this service says itself of its objects: exports have it, and nobody writes it.
    PassedOver,
}

impl Column {
    /// Where its value stands in the body of a POST.
    pub(super) fn pointer(&self) -> String {
        format!("/{}", self.name.replace('.', "/"))
    }
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
    if header.len() > MOST_COLUMNS {
        let fault = Fault::new("", FaultCode::MaxItems);
        return Err(vec![fault.with("max", MOST_COLUMNS)]);
    }
    let known = known(shape);
    let mut columns: Vec<Column> = Vec::new();
    let mut faults = Vec::new();
    for name in header {
        let pointer = format!("/{}", name.replace('.', "/"));
        // An object stands in one cell, or in one for each field.
        let says_the_same = |column: &Column| {
            let within = |whole: &str, part: &str| {
                part.strip_prefix(whole)
                    .is_some_and(|rest| rest.starts_with('.'))
            };
            column.name == *name || within(&column.name, name) || within(name, &column.name)
        };
        if columns.iter().any(says_the_same) {
            faults.push(Fault::new(pointer, FaultCode::UniqueItems));
        } else if let Some(column) = known.iter().find(|column| column.name == *name) {
            columns.push(column.clone());
        } else {
            let allowed: Vec<&str> = written(&known).map(|column| &*column.name).collect();
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

/// How many lines of titles may stand above a header.
pub(super) const MOST_TITLES: usize = 10;

/// Whether these cells are a header. The first line is one if it names any column; what stands below titles names
/// two, or nothing else: a value may be called like a column.
pub(super) fn is_header<'c>(
    names: &[String],
    cells: impl Iterator<Item = &'c str>,
    is_first: bool,
) -> bool {
    let said = cells.map(str::trim).filter(|cell| !cell.is_empty());
    let said: Vec<bool> = said
        .map(|cell| names.iter().any(|name| name == cell))
        .collect();
    let named = said.iter().filter(|is_name| **is_name).count();
    named > 0 && (is_first || named > 1 || named == said.len())
}

/// The names of all columns that a file may have.
pub(super) fn names(shape: &Shape<'_>) -> Vec<String> {
    let known = known(shape).into_iter();
    known.map(|column| column.name).collect()
}

/// The columns of an empty file to begin with: what people know of an object.
pub(super) fn blank(shape: &Shape<'_>) -> Vec<Column> {
    let known = known(shape);
    let of_programs = |name: &str| name == ID || ROW_FIELDS.contains(&name) || name == "user_id";
    let people = written(&known).filter(|column| !of_programs(&column.name));
    people
        .filter(|column| column.kind != Kind::Object)
        .cloned()
        .collect()
}

/// What exports of a resource have, and nobody writes.
pub(super) fn passed_over(shape: &Shape<'_>) -> Vec<String> {
    let known = known(shape).into_iter();
    let passed = known.filter(|column| column.kind == Kind::PassedOver);
    passed.map(|column| column.name).collect()
}

/// Those that say something.
fn written(known: &[Column]) -> impl Iterator<Item = &Column> {
    known
        .iter()
        .filter(|column| column.kind != Kind::PassedOver)
}

fn known(shape: &Shape<'_>) -> Vec<Column> {
    let own = ROW_FIELDS.iter().chain([&ID]).chain(shape.also);
    let mut known: Vec<Column> = own
        .map(|name| Column {
            name: (*name).to_owned(),
            kind: Kind::Text,
        })
        .collect();
    if let Some(source) = shape.schema {
        let whole = source.pointer("/allOf/0").unwrap_or(source);
        add(source, whole, "", &mut known);
    }
    for name in &shape.exported {
        if !known.iter().any(|column| column.name == *name) {
            known.push(Column {
                name: (*name).to_owned(),
                kind: Kind::PassedOver,
            });
        }
    }
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
            Kind::Object
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
        } else if property.get("format") == Some(&Value::from("date")) {
            Kind::Date
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

/// Where a fault of a row stands in its file: the number of the column, from 1, and its name. Only the name of
/// one that the file lacks; nothing for files without columns.
pub(super) fn column_of(names: &[String], pointer: &str) -> (Option<i32>, Option<String>) {
    if names.is_empty() {
        return (None, None);
    }
    let meant = meant(pointer);
    let place = meant
        .iter()
        .find_map(|meant| names.iter().position(|name| name == meant));
    match place {
        Some(place) => (i32::try_from(place + 1).ok(), names.get(place).cloned()),
        None => (None, meant.into_iter().next()),
    }
}

/// The columns that a pointer may lead to, the likeliest first.
fn meant(pointer: &str) -> Vec<String> {
    let mut segments = pointer.split('/').skip(1);
    let [external_id, system] = ROW_FIELDS;
    let (first, second) = match (segments.next(), segments.next(), segments.next()) {
        // The row as a whole: what it is called by.
        (None, ..) => return [ID, external_id].map(ToOwned::to_owned).to_vec(),
        // What another system calls the object stands in a column of its own.
        (Some("external_references"), Some(_), Some("system")) => (system, None),
        (Some("external_references"), ..) => (external_id, None),
        (Some(first), second, _) => (first, second),
    };
    let mut meant = vec![first.to_owned()];
    meant.extend(second.map(|second| format!("{first}.{second}")));
    meant.reverse();
    // Whoever does not know our ids says it by other names.
    meant.extend(match first {
        "candidate_id" => vec!["candidate_external_id".to_owned()],
        "tutor_id" => vec!["tutor_email".to_owned(), "tutor_external_id".to_owned()],
        // An object that lacks altogether would stand in the columns of its fields.
        _ => vec![format!("{first}.label")],
    });
    meant
}
