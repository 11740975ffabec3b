//! The resources whose rows can come from a file, and how each is made of one.

mod booklets;
mod candidates;
mod useful_addresses;

use entity::values::ImportResource;
use serde_json::Value;

use super::target::Target;
use crate::foundation::state::State;
use crate::outside::exports::columns_of;

pub(super) use self::booklets::Rows as Booklets;
pub(super) use self::candidates::Rows as Candidates;
pub(super) use self::useful_addresses::Rows as UsefulAddresses;

/// What the rows of a resource look like.
pub(super) struct Shape<'a> {
    /// The schema of the body of POST.
    pub(super) schema: Option<&'a Value>,
    /// What a row may be named by besides.
    pub(super) also: &'static [&'static str],
    /// The columns that exports of it have.
    pub(super) exported: Vec<&'static str>,
}

/// The shape of this resource's rows.
pub(super) fn shape(state: &State, resource: ImportResource) -> Shape<'_> {
    let (creates, also, exported) = match resource {
        ImportResource::Candidates => of::<Candidates>(),
        ImportResource::Booklets => of::<Booklets>(),
        ImportResource::UsefulAddresses => of::<UsefulAddresses>(),
    };
    let operation = state.operations.named(creates);
    Shape {
        schema: operation.and_then(|operation| operation.body.source()),
        also,
        exported: columns_of(exported),
    }
}

fn of<T: Target>() -> (&'static str, &'static [&'static str], &'static str) {
    (T::CREATES, T::ALSO, T::EXPORTED)
}
