//! The records of a file, one after the other: of CSV (RFC 4180, as spreadsheets write it) and of
//! JSON Lines. Line numbers are those of an editor: where the record begins.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::columns::{MOST_TITLES, is_header};
use crate::kit::body::upload::RECORD_LIMIT;
use crate::kit::{Code, Problem, Result, Upload};

/// What Excel may write in a line of its own before all others, and then the separator.
const SEPARATOR: &[u8] = b"sep=";

/// A reader of CSV: the record read last, cell by cell.
pub(super) struct Records {
    core: Reader,
    lines: i32,
    text: Vec<u8>,
    filled: usize,
    ends: Vec<usize>,
    count: usize,
    quotes: usize,
    is_over: bool,
}

impl Records {
    /// Begins to read: the header decides what separates the cells, which is the first line that names a column, else the
    /// first that says something.
    ///
    /// # Errors
    /// As [`Upload::more`].
    pub(super) async fn of(upload: &mut Upload, names: &[String]) -> Result<Self> {
        let mut lines = 0;
        let delimiter = loop {
            let waiting = upload.waiting();
            let end = waiting.iter().position(|byte| *byte == b'\n');
            if end.is_none() && waiting.len() <= RECORD_LIMIT && upload.more().await? {
                continue;
            }
            let waiting = upload.waiting();
            let line = waiting.get(..end.unwrap_or(waiting.len()));
            let line = line.unwrap_or_default().trim_ascii();
            let separator = said(line);
            if separator.is_none() && !(line.is_empty() && end.is_some()) {
                break below_titles(upload, names).await?;
            }
            lines += i32::from(end.is_some());
            upload.take(end.map_or(usize::MAX, |end| end + 1));
            if let Some(separator) = separator {
                break separator;
            }
        };
        Ok(Self {
            core: ReaderBuilder::new().delimiter(delimiter).build(),
            lines,
            text: vec![0; 4096],
            filled: 0,
            ends: vec![0; 64],
            count: 0,
            quotes: 0,
            is_over: false,
        })
    }

    /// Reads the next record, and says in which line it begins. Empty lines are none.
    ///
    /// # Errors
    /// 408, 413 or 400, as the file arrives.
    pub(super) async fn next(&mut self, upload: &mut Upload) -> Result<Option<i32>> {
        if !self.skip_empty_lines(upload).await? {
            return Ok(None);
        }
        let line = self.lines + 1;
        let mut size = 0;
        (self.filled, self.count, self.quotes) = (0, 0, 0);
        loop {
            while upload.waiting().is_empty() && !self.is_over {
                self.is_over = !upload.more().await?;
            }
            let text = self.text.get_mut(self.filled..).unwrap_or_default();
            let ends = self.ends.get_mut(self.count..).unwrap_or_default();
            let input = upload.waiting();
            let (result, read, written, ended) = self.core.read_record(input, text, ends);
            for byte in input.iter().take(read) {
                self.lines += i32::from(*byte == b'\n');
                self.quotes += usize::from(*byte == b'"');
            }
            upload.take(read);
            self.filled += written;
            self.count += ended;
            size += read;
            if size > RECORD_LIMIT {
                return Err(Problem::new(Code::PayloadTooLarge));
            }
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.text.resize(self.text.len() * 2, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(self.ends.len() * 2, 0),
                ReadRecordResult::Record => return Ok(Some(line)),
                ReadRecordResult::End => return Ok(None),
            }
        }
    }

    /// The cells of the record read last, unquoted.
    pub(super) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.ends.get(..self.count).unwrap_or_default();
        let starts = std::iter::once(&0).chain(ends);
        let text = &self.text;
        starts
            .zip(ends)
            .map(move |(start, end)| text.get(*start..*end).unwrap_or_default())
    }

    /// Whether the file ended within the quotes of this record.
    pub(super) fn is_open(&self) -> bool {
        self.is_over && self.quotes % 2 == 1
    }

    async fn skip_empty_lines(&mut self, upload: &mut Upload) -> Result<bool> {
        loop {
            match upload.waiting().first().copied() {
                Some(b'\n') => self.lines += 1,
                Some(b'\r') => {}
                Some(_) => return Ok(true),
                None => match upload.more().await? {
                    true => continue,
                    false => return Ok(false),
                },
            }
            upload.take(1);
        }
    }
}

/// The separator of the header, which may stand below titles.
async fn below_titles(upload: &mut Upload, names: &[String]) -> Result<u8> {
    let is_line = |byte: &&u8| **byte == b'\n';
    while upload.waiting().iter().filter(is_line).count() <= MOST_TITLES
        && upload.waiting().len() <= RECORD_LIMIT
        && upload.more().await?
    {}
    let lines = upload.waiting().split(|byte| *byte == b'\n');
    let mut lines = lines
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty());
    let is_named = |(number, line): &(usize, &[u8])| {
        let text = String::from_utf8_lossy(line);
        let cells = text.split(char::from(delimiter(line)));
        let cells = cells.map(|cell| cell.trim().trim_matches('"'));
        is_header(names, cells, *number == 0)
    };
    let first = lines.clone().next().unwrap_or_default();
    let header = lines
        .by_ref()
        .take(MOST_TITLES + 1)
        .enumerate()
        .find(is_named);
    Ok(delimiter(header.map_or(first, |(_, line)| line)))
}

/// The separator that a line of its own says.
fn said(line: &[u8]) -> Option<u8> {
    let (before, separator) = line.split_at_checked(SEPARATOR.len())?;
    match separator {
        // A tab at the end of a line is a blank, too.
        [] if before.eq_ignore_ascii_case(SEPARATOR) => Some(b'\t'),
        [one @ (b';' | b',' | b'|')] if before.eq_ignore_ascii_case(SEPARATOR) => Some(*one),
        _ => None,
    }
}

/// The one that stands most often in the header, outside of quotes.
fn delimiter(header: &[u8]) -> u8 {
    let mut is_quoted = false;
    let mut found = [(b',', 0), (b';', 0), (b'\t', 0)];
    for byte in header {
        is_quoted ^= *byte == b'"';
        let separator = found.iter_mut().find(|(one, _)| one == byte && !is_quoted);
        separator.into_iter().for_each(|(_, count)| *count += 1);
    }
    // Of several, the first.
    let most = found.iter().rev().max_by_key(|(_, count)| *count);
    most.map_or(b',', |(one, _)| *one)
}

#[cfg(test)]
mod tests;
