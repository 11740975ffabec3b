//! Workbooks (XLSX): their first sheet, row by row. A workbook is an archive with its contents at the end, so it
//! is written to a file first; what it unpacks to is measured before anything of it is held.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use calamine::{Data, DataRef, DataType, Reader, SheetVisible, Xlsx};
use tokio::sync::{Semaphore, mpsc};
use tokio::task::spawn_blocking;
use zip::ZipArchive;

use super::columns::MOST_COLUMNS;
use crate::foundation::operations::XLSX;
use crate::kit::body::upload::{FILE_LIMIT, RECORD_LIMIT};
use crate::kit::{Code, Fault, FaultCode, Problem, Result, Upload};

/// The largest workbook, in bytes: a larger table comes as CSV.
const LARGEST: u64 = 8 * 1024 * 1024;
/// What it may unpack to.
const UNPACKED: u64 = 96 * 1024 * 1024;
/// The most parts of the archive.
const PARTS: usize = 1000;
/// How many rows wait until they are taken.
const WAITING: usize = 16;
/// How many workbooks a process reads at a time: their texts are held in memory.
static READING: Semaphore = Semaphore::const_new(2);

/// The cells of a row, to the last one that says something; none where the spreadsheet could not calculate.
pub(super) type Cells = Vec<Option<String>>;

/// The rows of a workbook that is being read: the number of each, from 1, and its cells.
pub(super) type Rows = mpsc::Receiver<Result<(i32, Cells)>>;

/// Receives a workbook whole, and begins to read it.
///
/// # Errors
/// 408, 413 or 400, as the file arrives; 422 when it is no workbook of this kind.
pub(super) async fn rows(upload: &mut Upload) -> Result<Rows> {
    let failed = |error: io::Error| {
        tracing::error!(%error, "a workbook cannot be kept while it is read");
        Problem::new(Code::InternalError)
    };
    let mut file = tempfile::tempfile().map_err(failed)?;
    let mut size = 0;
    loop {
        let part = upload.waiting();
        size += part.len() as u64;
        if size > LARGEST {
            return Err(Problem::new(Code::PayloadTooLarge));
        }
        file.write_all(part).map_err(failed)?;
        upload.take(part.len());
        if !upload.more().await? {
            break;
        }
    }
    if size == 0 {
        return Err(Problem::fault("", FaultCode::EmptyFile));
    }
    let turn = READING.acquire().await;
    let turn = turn.or(Err(Problem::new(Code::InternalError)))?;
    let (sender, receiver) = mpsc::channel(WAITING);
    spawn_blocking(move || {
        let _turn = turn;
        if let Err(problem) = read(file, &sender) {
            // Nobody may be waiting any more.
            let _ = sender.blocking_send(Err(problem));
        }
    });
    Ok(receiver)
}

/// That a file is a workbook that cannot be read, or not here.
pub(super) fn unreadable() -> Problem {
    let fault = Fault::new("", FaultCode::Workbook);
    Problem::invalid(vec![fault.with("expected", XLSX)])
}

fn read(mut file: File, sender: &mpsc::Sender<Result<(i32, Cells)>>) -> Result<()> {
    measure(&mut file)?;
    let unreadable = |_| unreadable();
    let mut workbook = Xlsx::new(BufReader::new(file)).map_err(unreadable)?;
    let sheets = workbook.sheets_metadata().iter();
    let mut sheets = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible);
    let name = sheets.next().map(|sheet| sheet.name.clone());
    let name = name.ok_or(Problem::fault("", FaultCode::EmptyFile))?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(unreadable)?;
    let (mut number, mut row, mut texts) = (0, Cells::new(), 0);
    while let Some(cell) = cells.next_cell().map_err(unreadable)? {
        let (line, column) = cell.get_position();
        let text = shown(cell.get_value());
        if text.as_ref().is_some_and(String::is_empty) {
            continue;
        }
        if line != number {
            let before = std::mem::take(&mut row);
            if !before.is_empty() && sender.blocking_send(Ok((line_of(number), before))).is_err() {
                return Ok(());
            }
            number = line;
        }
        let column = column as usize;
        if column > MOST_COLUMNS {
            let fault = Fault::new("", FaultCode::MaxItems);
            return Err(Problem::invalid(vec![fault.with("max", MOST_COLUMNS)]));
        }
        // One text may stand in many cells.
        let length = text.as_ref().map_or(0, String::len);
        texts += length;
        if texts > FILE_LIMIT || length > RECORD_LIMIT {
            return Err(Problem::new(Code::PayloadTooLarge));
        }
        if row.len() <= column {
            row.resize(column + 1, Some(String::new()));
        }
        if let Some(place) = row.get_mut(column) {
            *place = text;
        }
    }
    if !row.is_empty() {
        // Nobody may be waiting any more.
        let _ = sender.blocking_send(Ok((line_of(number), row)));
    }
    Ok(())
}

fn line_of(row: u32) -> i32 {
    i32::try_from(row).map_or(i32::MAX, |row| row.saturating_add(1))
}

/// Unpacks all of it and forgets it: an archive may be far larger than it looks.
fn measure(file: &mut File) -> Result<()> {
    let unreadable = |_| unreadable();
    let mut archive = ZipArchive::new(&mut *file).map_err(unreadable)?;
    if archive.len() > PARTS {
        return Err(Problem::new(Code::PayloadTooLarge));
    }
    let mut left = UNPACKED;
    for part in 0..archive.len() {
        let part = archive.by_index(part).map_err(unreadable)?;
        let read = io::copy(&mut part.take(left + 1), &mut io::sink());
        let read = read.or(Err(self::unreadable()))?;
        left = left
            .checked_sub(read)
            .ok_or(Problem::new(Code::PayloadTooLarge))?;
    }
    file.seek(SeekFrom::Start(0))
        .or(Err(Problem::new(Code::InternalError)))?;
    Ok(())
}

/// What a cell shows; nothing where it shows an error.
fn shown(cell: &DataRef<'_>) -> Option<String> {
    Some(match cell {
        DataRef::Error(_) => return None,
        // A day is a time at midnight.
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) => match cell.as_datetime() {
            Some(moment) if moment.time() == chrono::NaiveTime::MIN => moment.date().to_string(),
            Some(moment) => moment.to_string(),
            None => Data::from(cell.clone()).to_string(),
        },
        #[expect(clippy::cast_possible_truncation, reason = "whole and small")]
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            (*number as i64).to_string()
        }
        other => Data::from(other.clone()).to_string(),
    })
}
