//! What a cell of a table comes to in the body of a POST.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::columns::{Column, Kind};
use super::target::{ID, ROW_FIELDS};
use crate::kit::{Fault, FaultCode};
use crate::outside::formulas::{given_back, is_error};

/// What stands between the items of a list in one cell.
const BETWEEN_ITEMS: char = '|';

/// A cell as it stands in a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cell<'a> {
    /// Of a text file: exports write apostrophes into these.
    Written(&'a str),
    /// Of a workbook.
    Shown(&'a str),
    /// What a spreadsheet could not calculate.
    Error,
    /// Bytes that are no UTF-8.
    Unreadable,
}

impl Cell<'_> {
    /// Whether it says nothing.
    pub(super) fn is_blank(&self) -> bool {
        matches!(self, Self::Written(text) | Self::Shown(text) if text.trim().is_empty())
    }
}

/// The object that a record says: an empty cell is null, and the apostrophes of an export are taken away.
///
/// # Errors
/// What is wrong with its cells. A row without a name, in a file that gives names: it would make another object
/// each time.
pub(super) fn object(
    columns: &[Column],
    cells: &[Cell<'_>],
) -> Result<Map<String, Value>, Vec<Fault>> {
    let mut object = Map::new();
    let mut faults = Vec::new();
    for (column, cell) in columns.iter().zip(cells) {
        if column.kind == Kind::PassedOver {
            continue;
        }
        let value = match value(column.kind, *cell) {
            Ok(value) => value,
            Err(code) => {
                faults.push(Fault::new(column.pointer(), code));
                continue;
            }
        };
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
    let has_id = object.get(ID).is_some_and(|id| !id.is_null());
    if object.get(external_id).is_some_and(Value::is_null) && !has_id {
        let pointer = format!("/{external_id}");
        faults.push(Fault::new(pointer, FaultCode::Required));
    }
    if faults.is_empty() {
        Ok(object)
    } else {
        Err(faults)
    }
}

fn value(kind: Kind, cell: Cell<'_>) -> Result<Value, FaultCode> {
    let text = match cell {
        Cell::Error => return Err(FaultCode::ErrorCell),
        Cell::Unreadable => return Err(FaultCode::Encoding),
        Cell::Written(text) if is_error(text.trim()) => return Err(FaultCode::ErrorCell),
        Cell::Written(text) | Cell::Shown(text) => text.trim(),
    };
    if text.is_empty() {
        return Ok(Value::Null);
    }
    // Lists and objects, as exports write them.
    if let Kind::List | Kind::Object = kind
        && let Ok(value @ (Value::Array(_) | Value::Object(_))) = serde_json::from_str(text)
    {
        return Ok(value);
    }
    let text = match cell {
        Cell::Written(_) => given_back(text),
        _ => text.to_owned(),
    };
    Ok(match kind {
        // What is no date stays for the schema to say so, with all else that is wrong with the row.
        Kind::Date => date(&text).unwrap_or(text).into(),
        Kind::Number => text
            .parse::<i64>()
            .map_or_else(|_| text.into(), Value::from),
        Kind::Truth => text
            .parse::<bool>()
            .map_or_else(|_| text.into(), Value::from),
        Kind::List => text.split(BETWEEN_ITEMS).map(str::trim).collect(),
        _ => text.into(),
    })
}

/// A day in the order of ISO 8601, or day first as in France; its year has four figures, for two could be
/// of any century. A time of day is left out where it is midnight: some programs have no days without.
fn date(text: &str) -> Option<String> {
    const MIDNIGHT: [&str; 4] = ["00:00", "00:00:00", "00:00:00.000", "00:00:00Z"];
    let day = match text.split_once([' ', 'T']) {
        Some((day, time)) if MIDNIGHT.contains(&time.trim_start()) => day,
        _ => text,
    };
    let between = day.chars().find(|sign| matches!(sign, '/' | '.' | '-'))?;
    let parts: Vec<&str> = day.split(between).collect();
    let [first, month, last] = parts.as_slice() else {
        return None;
    };
    let (day, year) = match (first.len(), last.len()) {
        (4, 2) => (last, first),
        (1 | 2, 4) => (first, last),
        _ => return None,
    };
    let is_number = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    if ![day, month, year].iter().all(|part| is_number(part)) || month.len() > 2 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    Some(date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_where_it_can_be_no_other() {
        for (text, expected) in [
            ("01/05/1980", Some("1980-05-01")),
            ("1/5/1980", Some("1980-05-01")),
            ("01.05.1980", Some("1980-05-01")),
            ("01-05-1980", Some("1980-05-01")),
            ("1980-05-01", Some("1980-05-01")),
            ("1980/05/01", Some("1980-05-01")),
            ("1980-05-01 00:00:00", Some("1980-05-01")),
            ("01/05/1980 00:00", Some("1980-05-01")),
            ("1980-05-01T00:00:00.000", Some("1980-05-01")),
            ("1980-05-01 12:00", None),
            ("01/05/80", None),
            ("80-05-01", None),
            ("05/13/1980", None),
            ("31/02/1980", None),
            ("29342", None),
            ("1er mai 1980", None),
            ("01/05-1980", None),
            ("+1/05/1980", None),
            ("1980-05", None),
        ] {
            assert_eq!(date(text).as_deref(), expected, "{text}");
        }
    }
}
