//! Rows as an XLSX workbook, written to a temporary file row by row: an archive has its contents at
//! its end, so nothing is sent before all of it is there.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use serde_json::Value as Cell;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::dataset::{Dataset, Filter};
use super::text::plain;
use crate::kit::{Code, Ctx, Problem, Result};
use crate::people::auth::reader::Reader;

/// How many pages of rows wait for the writer.
const WAITING: usize = 1;

type Page = Vec<Vec<Cell>>;

/// All rows of a table, in a file that goes when it is dropped.
///
/// # Errors
/// 422 when they do not fit into a spreadsheet, 503 when the database does not answer.
pub(super) async fn workbook(
    ctx: &Ctx,
    dataset: Dataset,
    filter: Filter,
    reader: &Reader,
) -> Result<(File, u64)> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let writer = spawn_blocking(move || write(dataset, receiver));
    let mut after = None;
    loop {
        let page = dataset.page(ctx, filter, after).await?;
        // Where the writer gave up, it says why.
        if sender.send(page.rows).await.is_err() {
            break;
        }
        after = page.next;
        reader.still_may().await?;
        if after.is_none() {
            break;
        }
    }
    drop(sender);
    let written = writer.await.or(Err(Problem::new(Code::InternalError)))?;
    written.map_err(|error| {
        if is_limit(&error) {
            return Problem::new(Code::SpreadsheetLimit);
        }
        tracing::error!(%error, dataset = dataset.name, "a spreadsheet cannot be written");
        Problem::new(Code::InternalError)
    })
}

fn write(
    dataset: Dataset,
    mut pages: mpsc::Receiver<Page>,
) -> std::result::Result<(File, u64), XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name(dataset.name)?;
    sheet.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(dataset.columns()) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    let mut row = 1;
    while let Some(page) = pages.blocking_recv() {
        for cells in page {
            for (column, cell) in (0..).zip(&cells) {
                write_cell(sheet, row, column, cell)?;
            }
            row += 1;
        }
    }
    let mut file = tempfile::tempfile()?;
    workbook.save_to_writer(BufWriter::new(&mut file))?;
    let length = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    Ok((file, length))
}

/// A text is written as a text, whatever it begins with: it is never calculated.
fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
) -> std::result::Result<(), XlsxError> {
    match cell {
        Cell::Null => {}
        Cell::Bool(value) => {
            sheet.write_boolean(row, column, *value)?;
        }
        Cell::Number(value) => {
            sheet.write_number(row, column, value.as_f64().unwrap_or_default())?;
        }
        text => {
            sheet.write_string(row, column, plain(text))?;
        }
    }
    Ok(())
}

fn is_limit(error: &XlsxError) -> bool {
    matches!(
        error,
        XlsxError::RowColumnLimitError | XlsxError::MaxStringLengthExceeded
    )
}
