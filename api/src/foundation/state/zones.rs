//! The time zones of organizations, as they were read a moment ago.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use uuid::Uuid;

/// For how long a time zone is taken for what it was.
const FRESH: Duration = Duration::from_secs(10);
/// How many are known at most.
const MOST: usize = 10_000;

/// Those that this process has read.
#[derive(Debug, Default)]
pub(crate) struct Zones(RwLock<HashMap<Uuid, (Tz, Instant)>>);

impl Zones {
    /// The time zone of this organization, if it was read a moment ago.
    pub(crate) fn of(&self, organization_id: Uuid) -> Option<Tz> {
        let zones = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (zone, read) = zones.get(&organization_id)?;
        (read.elapsed() < FRESH).then_some(*zone)
    }

    /// Notes what was just read.
    pub(crate) fn note(&self, organization_id: Uuid, zone: Tz) {
        let mut zones = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if zones.len() >= MOST {
            zones.retain(|_, (_, read)| read.elapsed() < FRESH);
        }
        if zones.len() < MOST {
            zones.insert(organization_id, (zone, Instant::now()));
        }
    }

    /// It has changed.
    pub(crate) fn forget(&self, organization_id: Uuid) {
        let mut zones = self.0.write().unwrap_or_else(PoisonError::into_inner);
        zones.remove(&organization_id);
    }
}
