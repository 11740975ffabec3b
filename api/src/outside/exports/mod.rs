//! What an organization takes away: each of its tables as a stream, and all of them in one archive.

mod archive;
mod cell;
pub(crate) mod dataset;
mod datasets;
pub(in crate::outside) mod dto;
pub(in crate::outside) mod header;
pub(crate) mod routes;
pub(in crate::outside) mod separator;
mod spreadsheet;
mod stream;
pub(in crate::outside) mod text;

/// The columns of a table that organizations take away.
pub(in crate::outside) fn columns_of(table: &str) -> Vec<&'static str> {
    let mut tables = datasets::DATASETS.iter();
    let found = tables.find(|dataset| dataset.name == table);
    found.map(dataset::Dataset::columns).unwrap_or_default()
}
