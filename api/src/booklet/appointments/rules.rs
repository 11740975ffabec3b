//! What may become of an appointment, by whom, and when calendars must hear of it.

use chrono::{DateTime, Utc};
use entity::appointment;
use entity::values::{AppointmentState as State, Role};
use sea_orm::Set;

use crate::kit::ctx::day_of;
use crate::kit::write::tx::transition;
use crate::kit::{Code, Fault, FaultCode, Problem, Result};

/// It ends after it starts.
pub(super) fn check_times(starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> Result<()> {
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

/// How people turned up is known from its day on, where it takes place.
///
/// # Errors
/// 422 before.
pub(super) fn has_come(
    state: State,
    starts_at: DateTime<Utc>,
    timezone: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let is_told = matches!(state, State::Held | State::NoShow);
    let (day, today) = (day_of(starts_at, timezone), day_of(now, timezone));
    if is_told && day > today {
        let fault = Fault::new("/state", FaultCode::NotYet);
        return Err(Problem::invalid(vec![fault.with("day", day.to_string())]));
    }
    Ok(())
}

/// A candidate cancels what is planned. Whoever accompanies says what became of it, and may correct it: a slip
/// of the hand is no end.
pub(super) fn may_become(role: Role, now: State, then: State) -> Result<()> {
    transition(role != Role::Candidate || now == then || now == State::Planned)
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
    fn whoever_accompanies_corrects_and_a_candidate_cancels_what_is_planned() {
        for now in STATES {
            for then in STATES {
                assert!(may_become(Role::Tutor, now, then).is_ok());
                assert!(may_become(Role::Coordinator, now, then).is_ok());
            }
            let cancels = may_become(Role::Candidate, now, State::Cancelled);
            let may = matches!(now, State::Planned | State::Cancelled);
            assert_eq!(cancels.is_ok(), may);
        }
    }

    #[test]
    fn nobody_says_how_people_turned_up_before_the_day_there() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let starts_at = at("2026-12-03T20:30:00Z");
        for (timezone, now, may) in [
            ("Europe/Paris", "2026-12-02T22:59:00Z", false),
            ("Europe/Paris", "2026-12-02T23:00:00Z", true),
            // The 4th has begun there.
            ("Indian/Reunion", "2026-12-03T19:59:00Z", false),
            ("Indian/Reunion", "2026-12-03T20:00:00Z", true),
            ("America/Martinique", "2026-12-03T03:59:00Z", false),
            ("America/Martinique", "2026-12-03T04:00:00Z", true),
        ] {
            for state in [State::Held, State::NoShow] {
                let told = has_come(state, starts_at, timezone, at(now));
                assert_eq!(told.is_ok(), may, "{timezone} {now}");
            }
            assert!(has_come(State::Excused, starts_at, timezone, at(now)).is_ok());
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
