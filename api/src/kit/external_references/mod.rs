//! The names that other systems give to our rows: shown with them, set with them, searched by.

mod dto;
mod name;
mod store;
mod upsert;

pub(crate) use dto::{ExternalReference, ExternalReferences, ReferenceFilter};
pub(crate) use name::{ExternalName, NameInAddress};
pub(crate) use store::{forget, narrow, of_ids, of_row, of_rows, replace};
pub(crate) use upsert::{Claimed, claim, claim_for, find, given_once};
