//! Where the chains of the audit trail ended when this process last saw them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

/// The ends of the chains that this process knows of. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ends(Arc<Mutex<HashMap<Uuid, End>>>);

/// The end of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// A position, and the hash there.
    At(i64, String),
    /// It no longer holds what it held: it does not go on, so that it shows.
    Broken,
}

impl Ends {
    /// The end of this chain, if it was seen.
    pub(crate) fn of(&self, chain: Uuid) -> Option<End> {
        self.all().get(&chain).cloned()
    }

    /// Notes it.
    pub(crate) fn note(&self, chain: Uuid, end: End) {
        self.all().insert(chain, end);
    }

    /// All that were seen.
    pub(crate) fn seen(&self) -> Vec<(Uuid, End)> {
        let all = self.all();
        all.iter()
            .map(|(chain, end)| (*chain, end.clone()))
            .collect()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Uuid, End>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
