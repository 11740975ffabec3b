//! What is read together with a row by the statement that writes it: no round trip of its own.

use sea_orm::QueryResult;

use crate::kit::Result;

/// Something that is read beside a row.
pub(crate) trait Beside: Sized {
    /// Its columns, with their names, as both databases write them; they may name columns of the row. Nothing
    /// where nothing is read.
    const COLUMNS: Option<&'static str>;

    /// Reads it.
    ///
    /// # Errors
    /// When the row is not there, or has no such columns: a programming error.
    fn read(row: Option<&QueryResult>) -> Result<Self>;
}

/// Nothing.
impl Beside for () {
    const COLUMNS: Option<&'static str> = None;

    fn read(_: Option<&QueryResult>) -> Result<Self> {
        Ok(())
    }
}
