//! Bounds that are looked at now and then: counting what somebody has costs the more the more there is.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// One time of so many is looked at, the first one of each in this process among them: a bound may be
/// passed by as much.
pub(crate) const EACH: u32 = 64;
/// How many are remembered; then all are looked at again.
const REMEMBERED: usize = 10_000;

/// How often each has passed since they were looked at.
#[derive(Debug)]
pub(crate) struct Glances<K>(Mutex<HashMap<K, u32>>);

impl<K> Default for Glances<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Glances<K> {
    /// Whether this one is to be looked at, which one time of so many is.
    pub(crate) fn is_due(&self, key: &K, each: u32) -> bool {
        let passed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        passed.get(key).is_none_or(|passed| *passed >= each)
    }

    /// They were looked at, and have not reached the bound; or it was not their time.
    pub(crate) fn has_passed(&self, key: K, each: u32) {
        let mut passed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if passed.len() >= REMEMBERED {
            passed.clear();
        }
        let count = passed.entry(key).or_insert(each);
        *count = if *count >= each { 1 } else { *count + 1 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_and_one_of_so_many_are_looked_at() {
        let glances = Glances::default();
        let looked_at = |key, each| {
            let is_due = glances.is_due(&key, each);
            glances.has_passed(key, each);
            is_due
        };
        let of_three: Vec<bool> = (0..7).map(|_| looked_at("a", 3)).collect();
        assert_eq!(of_three, [true, false, false, true, false, false, true]);
        assert!(looked_at("b", 3));
        assert!((0..3).all(|_| looked_at("c", 1)));
    }
}
