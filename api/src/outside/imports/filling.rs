//! A table on its way in, whatever it is written in: its header, then its rows, each staged as the body of a
//! POST. Rows that say nothing are none, and the cells that a row lacks at its end are empty.

use super::cells::{Cell, object};
use super::columns::{Column, Kind, MOST_TITLES, columns, is_header, names};
use super::stage::Stage;
use super::targets::Shape;
use crate::kit::{Fault, FaultCode, Problem, Result};

/// A table on its way in.
pub(super) struct Table<'t, 's> {
    stage: &'t mut Stage<'s>,
    shape: &'t Shape<'t>,
    /// None until its header came.
    columns: Vec<Column>,
    /// What its columns may be called.
    names: Vec<String>,
    /// What came before: titles, if a header follows, else a header that is none of ours.
    titles: Vec<Vec<String>>,
}

impl<'t, 's> Table<'t, 's> {
    /// Nothing of it yet.
    pub(super) fn new(stage: &'t mut Stage<'s>, shape: &'t Shape<'t>) -> Self {
        Self {
            stage,
            shape,
            columns: Vec::new(),
            names: names(shape),
            titles: Vec::new(),
        }
    }

    /// Adds a row, the first of which is the header; `is_open` when the file ended within its quotes.
    ///
    /// # Errors
    /// 422 for the header; 413 when there are too many rows; 503 when the database does not answer.
    pub(super) async fn add(
        &mut self,
        line: i32,
        mut cells: Vec<Cell<'_>>,
        is_open: bool,
    ) -> Result<()> {
        while cells.last().is_some_and(Cell::is_blank) && cells.len() > self.columns.len() {
            cells.pop();
        }
        if cells.iter().all(Cell::is_blank) && !is_open {
            return Ok(());
        }
        if self.columns.is_empty() {
            return self.begin(line, &cells);
        }
        let found = cells.len();
        let pointer = |place: usize| {
            let column = self.columns.get(place).or(self.columns.last());
            column.map(Column::pointer).unwrap_or_default()
        };
        let faults = if is_open {
            let place = found.saturating_sub(1);
            vec![Fault::new(pointer(place), FaultCode::OpenQuote)]
        } else if found > self.columns.len() {
            let fault = Fault::new(pointer(found), FaultCode::CellCount);
            let fault = fault.with("expected", self.columns.len());
            vec![fault.with("found", found)]
        } else {
            cells.resize(self.columns.len(), Cell::Shown(""));
            match object(&self.columns, &cells) {
                Ok(row) => return self.stage.row(line, row).await,
                Err(faults) => faults,
            }
        };
        self.stage.faulty(line, faults).await
    }

    fn begin(&mut self, line: i32, cells: &[Cell<'_>]) -> Result<()> {
        let name = |cell: &Cell<'_>| match cell {
            Cell::Written(text) | Cell::Shown(text) => Ok(text.trim().to_owned()),
            Cell::Unreadable => Err(Problem::fault("", FaultCode::Encoding)),
            Cell::Error => Err(Problem::fault("", FaultCode::ErrorCell)),
        };
        let header = cells.iter().map(name).collect::<Result<Vec<_>>>()?;
        let is_first = self.titles.is_empty();
        let cells = header.iter().map(String::as_str);
        if is_header(&self.names, cells, is_first) {
            return self.named(line, header);
        }
        self.titles.push(header);
        match self.titles.first() {
            // Where none of them is a header, the first was meant to be.
            Some(first) if self.titles.len() > MOST_TITLES => self.named(line, first.clone()),
            _ => Ok(()),
        }
    }

    fn named(&mut self, line: i32, header: Vec<String>) -> Result<()> {
        let system = self.stage.system();
        self.columns = columns(&header, self.shape, system).map_err(Problem::invalid)?;
        let passed = self.columns.iter();
        let passed = passed.filter(|column| column.kind == Kind::PassedOver);
        let passed = passed.map(|column| column.name.clone()).collect();
        self.stage.named(line, header, passed);
        Ok(())
    }

    /// There is no more of it.
    ///
    /// # Errors
    /// 422 when there was not even a header.
    pub(super) fn end(mut self) -> Result<()> {
        if let (true, Some(first)) = (self.columns.is_empty(), self.titles.first()) {
            return self.named(1, first.clone());
        }
        if self.columns.is_empty() {
            return Err(Problem::fault("", FaultCode::EmptyFile));
        }
        Ok(())
    }
}
