//! How much is under way at once, in all and to each endpoint. What fails has places of its own, so that
//! it takes none from what works.

use std::collections::HashMap;

use uuid::Uuid;

/// How many deliveries at once to endpoints that work, in all and each.
const WORKING: (usize, usize) = (32, 4);
/// The same for those that fail.
const FAILING: (usize, usize) = (16, 1);

/// A place taken by a delivery.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat {
    pub(super) webhook_id: Uuid,
    pub(super) is_failing: bool,
}

/// The places of one instance.
#[derive(Debug, Default)]
pub(super) struct Places {
    working: HashMap<Uuid, usize>,
    failing: HashMap<Uuid, usize>,
    /// Who was served last: the others come first.
    last_served: Option<Uuid>,
}

impl Places {
    /// How many more deliveries to this endpoint may begin.
    pub(super) fn free(&self, webhook_id: Uuid, is_failing: bool) -> usize {
        let ((in_all, each), taken) = match is_failing {
            true => (FAILING, &self.failing),
            false => (WORKING, &self.working),
        };
        let here = self.working.get(&webhook_id).unwrap_or(&0)
            + self.failing.get(&webhook_id).unwrap_or(&0);
        let elsewhere = in_all.saturating_sub(taken.values().sum());
        each.saturating_sub(here).min(elsewhere)
    }

    pub(super) fn enter(&mut self, seat: Seat) {
        *self.of(seat).entry(seat.webhook_id).or_default() += 1;
        self.last_served = Some(seat.webhook_id);
    }

    pub(super) fn leave(&mut self, seat: Seat) {
        let taken = self.of(seat);
        if let Some(count) = taken.get_mut(&seat.webhook_id) {
            *count = count.saturating_sub(1);
        }
        taken.retain(|_, count| *count > 0);
    }

    /// The endpoints, given in the order of their ids, in turn.
    pub(super) fn in_turn<T>(&self, mut endpoints: Vec<T>, id: impl Fn(&T) -> Uuid) -> Vec<T> {
        let served = |endpoint: &T| Some(id(endpoint)) <= self.last_served;
        let next = endpoints.partition_point(served);
        endpoints.rotate_left(next);
        endpoints
    }

    fn of(&mut self, seat: Seat) -> &mut HashMap<Uuid, usize> {
        match seat.is_failing {
            true => &mut self.failing,
            false => &mut self.working,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn seat(number: u128, is_failing: bool) -> Seat {
        Seat {
            webhook_id: id(number),
            is_failing,
        }
    }

    #[test]
    fn an_endpoint_that_works_has_four_and_one_that_fails_has_one() {
        let mut places = Places::default();
        assert_eq!(places.free(id(1), false), 4);
        assert_eq!(places.free(id(1), true), 1);
        places.enter(seat(1, false));
        assert_eq!(places.free(id(1), false), 3);
        assert_eq!(places.free(id(1), true), 0, "it began to fail meanwhile");
        places.leave(seat(1, false));
        assert_eq!(places.free(id(1), true), 1);
    }

    #[test]
    fn however_many_endpoints_fail_those_that_work_have_their_places() {
        let mut places = Places::default();
        for number in 0..16 {
            assert_eq!(places.free(id(number), true), 1);
            places.enter(seat(number, true));
        }
        assert_eq!(places.free(id(99), true), 0);
        assert_eq!(places.free(id(99), false), 4);
    }

    #[test]
    fn who_was_served_last_comes_last() {
        let mut places = Places::default();
        let ids = || (1..=4).map(id).collect::<Vec<_>>();
        assert_eq!(places.in_turn(ids(), |id| *id), ids());
        places.enter(seat(2, false));
        assert_eq!(places.in_turn(ids(), |id| *id), [3, 4, 1, 2].map(id));
        places.enter(seat(4, false));
        assert_eq!(places.in_turn(ids(), |id| *id), ids());
    }
}
