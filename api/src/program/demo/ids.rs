//! Ids that are the same whenever the demo is told, so that the API document's examples can name them.

use uuid::{Builder, Uuid};

/// The day from which ids count, whatever the day of the telling: before the first release, so
/// that every id made for real is greater (2026-11-01).
const DAY_ZERO: i64 = 20_758;

/// The first id of the n-th scene of a day: a UUIDv7 whose time rises from scene to scene.
pub(super) fn first(day: i64, scene: i64) -> Uuid {
    let minutes = (DAY_ZERO + day) * 24 * 60 + scene;
    let millis = u64::try_from(minutes * 60_000).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_from_scene_to_scene_and_stay_below_those_of_the_first_release() {
        let ids = [
            first(-240, 0),
            first(-240, 1),
            first(-239, 1),
            first(0, 1400),
        ];
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        let released = Uuid::from_u128(0x01a2_0000_0000_7000_8000_0000_0000_0000);
        assert!(ids.iter().all(|id| *id < released));
    }
}
