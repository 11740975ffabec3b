//! How much is under way at once, in all and to each endpoint. What fails has slots of its own, so that
//! it takes none from what works.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use uuid::Uuid;

/// How many deliveries at once to endpoints that work, in all and each.
const WORKING: (usize, usize) = (64, 4);
/// The same for those that fail.
const FAILING: (usize, usize) = (32, 1);
/// How many at once to all endpoints of one organization, of either sort.
const OF_ONE: (usize, usize) = (16, 4);
/// An answer that takes longer is as one that fails: it takes no slot from those that are quick.
const SLOW: Duration = Duration::from_secs(3);

/// A slot, taken by one delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) organization_id: Uuid,
    pub(super) webhook_id: Uuid,
    pub(super) is_failing: bool,
}

/// The slots of one instance.
#[derive(Debug, Default)]
pub(super) struct Slots {
    taken: Vec<(Slot, Instant)>,
    /// Endpoints whose last answer was slow.
    slow: HashSet<Uuid>,
    /// Who was served last: the others come first.
    last_served: Option<Uuid>,
}

impl Slots {
    /// The slot that a delivery to this endpoint would take.
    pub(super) fn slot(&self, organization_id: Uuid, webhook_id: Uuid, is_failing: bool) -> Slot {
        Slot {
            organization_id,
            webhook_id,
            is_failing: is_failing || self.slow.contains(&webhook_id),
        }
    }

    /// How many more deliveries may take such a slot.
    pub(super) fn free(&self, slot: Slot) -> usize {
        let ((in_all, each), of_one) = match slot.is_failing {
            true => (FAILING, OF_ONE.1),
            false => (WORKING, OF_ONE.0),
        };
        let same = |taken: &&(Slot, Instant)| taken.0.is_failing == slot.is_failing;
        let ours = |taken: &&(Slot, Instant)| taken.0.organization_id == slot.organization_id;
        let here = |taken: &&(Slot, Instant)| taken.0.webhook_id == slot.webhook_id;
        let count = |taken: usize, most: usize| most.saturating_sub(taken);
        let in_all = count(self.taken.iter().filter(same).count(), in_all);
        let of_one = count(self.taken.iter().filter(same).filter(ours).count(), of_one);
        let each = count(self.taken.iter().filter(here).count(), each);
        each.min(of_one).min(in_all)
    }

    pub(super) fn enter(&mut self, slot: Slot) {
        self.taken.push((slot, Instant::now()));
        self.last_served = Some(slot.webhook_id);
    }

    pub(super) fn leave(&mut self, slot: Slot) {
        let mut taken = self.taken.iter();
        let Some(index) = taken.position(|(other, _)| *other == slot) else {
            return;
        };
        let (slot, since) = self.taken.remove(index);
        if since.elapsed() > SLOW {
            self.slow.insert(slot.webhook_id);
        } else {
            self.slow.remove(&slot.webhook_id);
        }
    }

    /// The endpoints, given in the order of their ids, in turn.
    pub(super) fn in_turn<T>(&self, mut endpoints: Vec<T>, id: impl Fn(&T) -> Uuid) -> Vec<T> {
        let served = |endpoint: &T| Some(id(endpoint)) <= self.last_served;
        let next = endpoints.partition_point(served);
        endpoints.rotate_left(next);
        endpoints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    /// Of an organization for every ten.
    fn slot(number: u128, is_failing: bool) -> Slot {
        Slot {
            organization_id: id(number / 10),
            webhook_id: id(number),
            is_failing,
        }
    }

    #[test]
    fn an_endpoint_that_works_has_four_and_one_that_fails_has_one() {
        let mut slots = Slots::default();
        assert_eq!(slots.free(slot(1, false)), 4);
        assert_eq!(slots.free(slot(1, true)), 1);
        slots.enter(slot(1, false));
        assert_eq!(slots.free(slot(1, false)), 3);
        assert_eq!(slots.free(slot(1, true)), 0, "it began to fail meanwhile");
        slots.leave(slot(1, false));
        assert_eq!(slots.free(slot(1, true)), 1);
    }

    #[test]
    fn however_many_endpoints_fail_those_that_work_have_their_places() {
        let mut slots = Slots::default();
        for number in (0..320).step_by(10) {
            assert_eq!(slots.free(slot(number, true)), 1);
            slots.enter(slot(number, true));
        }
        assert_eq!(slots.free(slot(999, true)), 0);
        assert_eq!(slots.free(slot(999, false)), 4);
    }

    #[test]
    fn an_organization_leaves_places_to_the_others() {
        let mut slots = Slots::default();
        for number in 1..=4 {
            while slots.free(slot(number, false)) > 0 {
                slots.enter(slot(number, false));
            }
        }
        assert_eq!(slots.free(slot(5, false)), 0);
        assert_eq!(slots.free(slot(11, false)), 4);
        assert_eq!(slots.free(slot(5, true)), 1);
    }

    #[test]
    fn an_endpoint_that_answers_slowly_has_the_place_of_one_that_fails() {
        let mut slots = Slots::default();
        let since = Instant::now().checked_sub(2 * SLOW).unwrap();
        slots.taken.push((slot(1, false), since));
        slots.leave(slot(1, false));
        assert!(slots.slot(id(0), id(1), false).is_failing);
        slots.enter(slot(1, true));
        slots.leave(slot(1, true));
        assert!(!slots.slot(id(0), id(1), false).is_failing);
    }

    #[test]
    fn who_was_served_last_comes_last() {
        let mut slots = Slots::default();
        let ids = || (1..=4).map(id).collect::<Vec<_>>();
        assert_eq!(slots.in_turn(ids(), |id| *id), ids());
        slots.enter(slot(2, false));
        assert_eq!(slots.in_turn(ids(), |id| *id), [3, 4, 1, 2].map(id));
        slots.enter(slot(4, false));
        assert_eq!(slots.in_turn(ids(), |id| *id), ids());
    }
}
