//! The names that other systems give to our rows: shown with them, set with them, searched by.

mod dto;
mod store;

pub(crate) use dto::{ExternalReference, ExternalReferences, ReferenceFilter};
pub(crate) use store::{forget, narrow, of_ids, of_row, of_rows, replace};
