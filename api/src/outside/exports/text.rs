//! Rows as text: CSV (RFC 4180) and JSON Lines.

use serde::Serialize;
use serde::ser::Serializer;
use serde_json::Value as Cell;

use super::separator::Separator;
use crate::kit::{Code, Problem, Result};
use crate::outside::formulas;

/// One of the two.
#[derive(Clone, Copy, Debug)]
pub(in crate::outside) enum Text {
    Csv(Separator),
    JsonLines,
}

impl Text {
    /// What comes before the first row.
    pub(in crate::outside) fn head(self, columns: &[&str]) -> Result<Vec<u8>> {
        let Self::Csv(separator) = self else {
            return Ok(Vec::new());
        };
        let mut written = separator.mark().to_vec();
        written.extend(csv(separator, [columns.iter().map(ToString::to_string)])?);
        Ok(written)
    }

    /// These rows, each on a line of its own.
    pub(super) fn rows(self, columns: &[&str], rows: &[Vec<Cell>]) -> Result<Vec<u8>> {
        match self {
            Self::Csv(separator) => csv(separator, rows.iter().map(|row| row.iter().map(safe))),
            Self::JsonLines => {
                let mut written = Vec::new();
                for row in rows {
                    serde_json::to_writer(&mut written, &Line(columns, row)).or_else(failed)?;
                    written.push(b'\n');
                }
                Ok(written)
            }
        }
    }
}

fn csv<R: IntoIterator<Item = String>>(
    separator: Separator,
    rows: impl IntoIterator<Item = R>,
) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(separator.sign())
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).or_else(failed)?;
    }
    writer.into_inner().or_else(failed)
}

fn failed<T, E>(_: E) -> Result<T> {
    Err(Problem::new(Code::InternalError))
}

/// A row as an object, its properties in the order of the columns.
struct Line<'a>(&'a [&'a str], &'a [Cell]);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().zip(self.1))
    }
}

/// A value as a text: nothing for null, JSON for lists and objects.
pub(super) fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The same, with nothing in it that a spreadsheet would calculate.
fn safe(cell: &Cell) -> String {
    match cell {
        Cell::String(text) => formulas::harmless(text),
        Cell::Array(_) | Cell::Object(_) => formulas::harmless_json(&cell.to_string()),
        _ => plain(cell),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_dates_stay_as_they_are_and_formulas_do_not() {
        for (cell, written) in [
            (json!(-5), "-5"),
            (json!(true), "true"),
            (json!("2026-11-23"), "2026-11-23"),
            (json!("l'entretien"), "l'entretien"),
            (json!(["=1"]), "[\"\\u003d1\"]"),
            (json!("a;=1"), "a;'=1"),
            (Cell::Null, ""),
        ] {
            assert_eq!(safe(&cell), written);
        }
    }
}
