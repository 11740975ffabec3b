//! What an organization takes away: each of its tables as a stream, and all of them in one archive.

mod archive;
mod cell;
pub(crate) mod dataset;
mod datasets;
mod dto;
mod header;
pub(crate) mod routes;
mod separator;
mod spreadsheet;
mod stream;
mod text;
