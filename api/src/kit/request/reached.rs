//! A state that has been reached, and the day it was.

use chrono::NaiveDate;

/// Keeps a state and the day its goal was reached together: the goal has a day, today if none was
/// given; a day written down alone means that the goal is reached; any other state has no day.
#[must_use]
pub fn reached<S: Copy + PartialEq>(
    goal: S,
    before: (S, Option<NaiveDate>),
    after: (S, Option<NaiveDate>),
    today: NaiveDate,
) -> (S, Option<NaiveDate>) {
    let (state, day) = after;
    let only_dated = state == before.0 && day != before.1 && day.is_some();
    if state == goal || only_dated {
        (goal, day.or(Some(today)))
    } else {
        (state, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::values::StepState::{Done, InProgress, Planned};

    fn november(day: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(2026, 11, day)
    }

    fn step(
        before: (entity::values::StepState, Option<NaiveDate>),
        after: (entity::values::StepState, Option<NaiveDate>),
    ) -> (entity::values::StepState, Option<NaiveDate>) {
        reached(Done, before, after, november(23).unwrap())
    }

    #[test]
    fn a_step_done_without_a_date_was_done_today() {
        assert_eq!(step((Planned, None), (Done, None)), (Done, november(23)));
    }

    #[test]
    fn a_step_done_on_a_date_keeps_it() {
        let done = (Done, november(20));
        assert_eq!(step((Planned, None), done), done);
        assert_eq!(step(done, done), done);
    }

    #[test]
    fn a_date_alone_says_that_the_step_is_done() {
        let dated = (InProgress, november(20));
        assert_eq!(step((InProgress, None), dated), (Done, november(20)));
    }

    #[test]
    fn a_step_taken_up_again_is_no_longer_done_on_a_date() {
        let taken_up = (InProgress, november(20));
        assert_eq!(step((Done, november(20)), taken_up), (InProgress, None));
    }
}
