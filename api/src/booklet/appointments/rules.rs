//! What may become of an appointment, by whom, and when calendars must hear of it.

use chrono::{DateTime, Datelike, Utc};
use entity::appointment;
use entity::values::{AppointmentState as State, Role};
use sea_orm::Set;

use crate::kit::write::tx::transition;
use crate::kit::{Code, FaultCode, Problem, Result};

/// It ends after it starts, in years that calendars know.
pub(super) fn check_times(starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> Result<()> {
    if starts_at.year() < 1 {
        return Err(Problem::fault("/starts_at", FaultCode::NotAllowed));
    }
    if ends_at.year() > 9999 {
        return Err(Problem::fault("/ends_at", FaultCode::NotAllowed));
    }
    if ends_at <= starts_at {
        return Err(Problem::fault("/ends_at", FaultCode::DatesOrder));
    }
    Ok(())
}

/// A candidate cancels, and changes nothing else.
pub(super) fn may_change(role: Role, changed: &[String], state: State) -> Result<()> {
    let only_cancels = state == State::Cancelled && changed.iter().all(|field| field == "state");
    if role == Role::Candidate && !only_cancels {
        return Err(Problem::new(Code::Forbidden));
    }
    Ok(())
}

/// What was planned is held, missed, excused or cancelled. How people turned up may be corrected;
/// what was excused or cancelled may be planned anew.
pub(super) fn may_become(now: State, then: State) -> Result<()> {
    let allowed = match now {
        _ if now == then => true,
        State::Planned => true,
        State::Cancelled => then == State::Planned,
        State::Excused => then != State::Cancelled,
        State::Held | State::NoShow => {
            matches!(then, State::Held | State::NoShow | State::Excused)
        }
    };
    transition(allowed)
}

/// The change, with the next SEQUENCE when calendars must hear of it: time, place or mode differ,
/// or it is cancelled, or no longer.
pub(super) fn renumbered(
    before: &appointment::Model,
    mut change: appointment::ActiveModel,
) -> appointment::ActiveModel {
    let cancelled = Set(State::Cancelled);
    let moved = change.starts_at != Set(before.starts_at)
        || change.ends_at != Set(before.ends_at)
        || change.timezone != Set(before.timezone.clone())
        || change.place != Set(before.place.clone())
        || change.mode != Set(before.mode)
        || (change.state == cancelled) != (before.state == State::Cancelled);
    if moved {
        change.sequence = Set(before.sequence + 1);
    }
    change
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [State; 5] = [
        State::Planned,
        State::Held,
        State::NoShow,
        State::Excused,
        State::Cancelled,
    ];

    #[test]
    fn a_planned_appointment_may_become_anything() {
        for state in STATES {
            assert!(may_become(State::Planned, state).is_ok());
        }
    }

    #[test]
    fn only_what_did_not_take_place_is_planned_anew() {
        assert!(may_become(State::Cancelled, State::Planned).is_ok());
        assert!(may_become(State::Excused, State::Planned).is_ok());
        assert!(may_become(State::Held, State::Planned).is_err());
        assert!(may_become(State::NoShow, State::Planned).is_err());
    }

    #[test]
    fn what_is_past_cannot_be_cancelled() {
        for state in [State::Held, State::NoShow, State::Excused] {
            assert!(may_become(state, State::Cancelled).is_err());
        }
    }

    #[test]
    fn a_cancelled_appointment_was_not_held() {
        for state in [State::Held, State::NoShow, State::Excused] {
            assert!(may_become(State::Cancelled, state).is_err());
        }
    }

    #[test]
    fn a_candidate_cancels_and_changes_nothing_else() {
        let state = ["state".to_owned()];
        let both = ["state".to_owned(), "place".to_owned()];
        assert!(may_change(Role::Candidate, &state, State::Cancelled).is_ok());
        assert!(may_change(Role::Candidate, &state, State::Held).is_err());
        assert!(may_change(Role::Candidate, &both, State::Cancelled).is_err());
        assert!(may_change(Role::Tutor, &both, State::Held).is_ok());
    }
}
