//! The records of a file, one after the other: of CSV (RFC 4180, as spreadsheets write it) and of
//! JSON Lines. Line numbers are those of an editor: where the record begins.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use crate::kit::body::upload::RECORD_LIMIT;
use crate::kit::{Code, Problem, Result, Upload};

/// What Excel writes before anything else.
const BYTE_ORDER_MARK: &[u8] = &[0xef, 0xbb, 0xbf];

/// Takes the mark at the beginning of a file, if there is one.
///
/// # Errors
/// 408, 413 or 400, as the file arrives.
pub(super) async fn skip_mark(upload: &mut Upload) -> Result<()> {
    while upload.waiting().len() < BYTE_ORDER_MARK.len() && upload.more().await? {}
    if upload.waiting().starts_with(BYTE_ORDER_MARK) {
        upload.take(BYTE_ORDER_MARK.len());
    }
    Ok(())
}

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
    /// Begins to read: the header's line decides between `;` and `,`.
    ///
    /// # Errors
    /// 408, 413 or 400, as the file arrives.
    pub(super) async fn of(upload: &mut Upload) -> Result<Self> {
        while !upload.waiting().contains(&b'\n')
            && upload.waiting().len() <= RECORD_LIMIT
            && upload.more().await?
        {}
        let header = upload.waiting().split(|byte| *byte == b'\n').next();
        Ok(Self {
            core: ReaderBuilder::new()
                .delimiter(delimiter(header.unwrap_or_default()))
                .build(),
            lines: 0,
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

/// The one that stands more often in the header, outside of quotes.
fn delimiter(header: &[u8]) -> u8 {
    let mut is_quoted = false;
    let (mut commas, mut semicolons) = (0, 0);
    for byte in header {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b',' if !is_quoted => commas += 1,
            b';' if !is_quoted => semicolons += 1,
            _ => {}
        }
    }
    if semicolons > commas { b';' } else { b',' }
}

#[cfg(test)]
mod tests;
