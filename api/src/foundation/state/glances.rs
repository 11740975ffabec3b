//! Bounds that are looked at now and then: counting what somebody has costs the more the more there is.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

/// One time of so many is looked at, the first one of each in this process among them: a bound may be
/// passed by as much.
const EACH: u32 = 64;
/// How many are remembered; then all are looked at again.
const REMEMBERED: usize = 10_000;

/// How often each has passed since they were looked at.
#[derive(Debug, Default)]
pub(crate) struct Glances(Mutex<HashMap<Uuid, u32>>);

impl Glances {
    /// Whether this one is to be looked at.
    pub(crate) fn is_due(&self, id: Uuid) -> bool {
        let passed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        passed.get(&id).is_none_or(|passed| *passed >= EACH)
    }

    /// They were looked at, and have not reached the bound; or it was not their time.
    pub(crate) fn has_passed(&self, id: Uuid) {
        let mut passed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if passed.len() >= REMEMBERED {
            passed.clear();
        }
        let count = passed.entry(id).or_insert(EACH);
        *count = if *count >= EACH { 1 } else { *count + 1 };
    }
}
