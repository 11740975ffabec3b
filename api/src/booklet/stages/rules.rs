//! The dates of a stage, as its state asks for them.

use chrono::NaiveDate;
use entity::values::StageState as State;

use super::dto::StageEdit;
use crate::kit::{FaultCode, Problem, Result};

/// Which dates the caller gave: a given one stays as it is, null included.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Given {
    pub(super) started_on: bool,
    pub(super) completed_on: bool,
}

/// Fills the dates that a new state asks for, and empties those it contradicts.
///
/// # Errors
/// 422 when the stage would end before it starts.
pub(super) fn dated(
    before: State,
    mut edit: StageEdit,
    given: Given,
    today: NaiveDate,
) -> Result<(StageEdit, Vec<String>)> {
    let mut changed = Vec::new();
    if edit.state != before {
        if !given.started_on {
            let started_on = match edit.state {
                State::NotStarted => None,
                State::InProgress => edit.started_on.or(Some(today)),
                State::Done | State::Skipped => edit.started_on,
            };
            if started_on != edit.started_on {
                changed.push("started_on".to_owned());
                edit.started_on = started_on;
            }
        }
        if !given.completed_on {
            let completed_on = match edit.state {
                State::Done => edit.completed_on.or(Some(today)),
                State::NotStarted | State::InProgress | State::Skipped => None,
            };
            if completed_on != edit.completed_on {
                changed.push("completed_on".to_owned());
                edit.completed_on = completed_on;
            }
        }
    }
    match (edit.started_on, edit.completed_on) {
        (Some(started), Some(completed)) if completed < started => {
            Err(Problem::fault("/completed_on", FaultCode::DatesOrder))
        }
        _ => Ok((edit, changed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn stage(state: State, started_on: Option<&str>, completed_on: Option<&str>) -> StageEdit {
        StageEdit {
            state,
            started_on: started_on.map(day),
            completed_on: completed_on.map(day),
            comment: None,
        }
    }

    /// The dates after a change from `before`, on 20 November 2026.
    fn dates(
        before: State,
        edit: StageEdit,
        given: Given,
    ) -> Result<(Option<NaiveDate>, Option<NaiveDate>)> {
        dated(before, edit, given, day("2026-11-20"))
            .map(|(edit, _)| (edit.started_on, edit.completed_on))
    }

    #[test]
    fn a_stage_begun_today_starts_today() {
        let edit = stage(State::InProgress, None, None);
        let dates = dates(State::NotStarted, edit, Given::default()).unwrap();
        assert_eq!(dates, (Some(day("2026-11-20")), None));
    }

    #[test]
    fn a_stage_done_today_keeps_its_start() {
        let edit = stage(State::Done, Some("2026-11-02"), None);
        let dates = dates(State::InProgress, edit, Given::default()).unwrap();
        assert_eq!(dates, (Some(day("2026-11-02")), Some(day("2026-11-20"))));
    }

    #[test]
    fn given_dates_stay_as_they_are() {
        let edit = stage(State::Done, None, Some("2026-10-01"));
        let given = Given {
            started_on: true,
            completed_on: true,
        };
        let dates = dates(State::NotStarted, edit, given).unwrap();
        assert_eq!(dates, (None, Some(day("2026-10-01"))));
    }

    #[test]
    fn a_stage_taken_back_is_no_longer_completed() {
        let edit = stage(State::InProgress, Some("2026-10-01"), Some("2026-11-01"));
        let dates = dates(State::Done, edit, Given::default()).unwrap();
        assert_eq!(dates, (Some(day("2026-10-01")), None));
    }

    #[test]
    fn a_stage_does_not_end_before_it_starts() {
        let edit = stage(State::Done, Some("2026-12-01"), None);
        assert!(dates(State::InProgress, edit, Given::default()).is_err());
    }
}
