//! Who writes which objectives, and when one is achieved.

use chrono::NaiveDate;
use entity::values::{ObjectiveKind, ObjectiveState, Role};

use super::dto::ObjectiveInput;
use crate::kit::{Code, Problem, Result, reached};

/// « Mes objectifs » are the candidate's own words: whoever accompanies writes working objectives alone.
pub(super) fn may_write(role: Role, kind: ObjectiveKind) -> Result<()> {
    if role != Role::Candidate && kind != ObjectiveKind::Working {
        Err(Problem::new(Code::Forbidden))
    } else {
        Ok(())
    }
}

/// Keeps the state and the day of achievement together.
pub(super) fn dated(
    before: (ObjectiveState, Option<NaiveDate>),
    mut after: ObjectiveInput,
    today: NaiveDate,
) -> ObjectiveInput {
    let goal = ObjectiveState::Achieved;
    (after.state, after.achieved_on) =
        reached(goal, before, (after.state, after.achieved_on), today);
    after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tutor_writes_working_objectives_alone() {
        assert!(may_write(Role::Tutor, ObjectiveKind::Working).is_ok());
        for kind in [
            ObjectiveKind::Project,
            ObjectiveKind::Means,
            ObjectiveKind::Expectation,
        ] {
            assert!(may_write(Role::Tutor, kind).is_err());
            assert!(may_write(Role::Candidate, kind).is_ok());
        }
    }
}
