//! What the rows of a file claim for themselves, and on whom they rely, from one page to the next.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::kit::external_references::ExternalReferences;

/// Nothing of it is in the database yet.
#[derive(Default)]
pub(super) struct Claims {
    /// The names of other systems that rows get.
    pub(super) names: ExternalReferences,
    /// The objects that rows change.
    pub(super) rows: HashSet<Uuid>,
    /// The accounts that rows name, with the candidates whose they become.
    pub(super) accounts: HashMap<Uuid, Uuid>,
    /// The users whom rows name, in the version that was looked at.
    pub(super) users: HashMap<Uuid, i32>,
}
