//! When a step is late, done, put off, and which changes both parties have to agree on.

use chrono::NaiveDate;
use entity::values::{PlanState, StepState};
use entity::{plan, plan_step};
use sea_orm::Set;

use super::dto::{PlanStepInput, Postponement};
use crate::kit::{Code, Problem, Result, reached};

/// Done after its last day planned.
pub(super) fn is_late(step: &plan_step::Model) -> bool {
    matches!((step.done_on, step.planned_to), (Some(done), Some(planned)) if done > planned)
}

/// Still to be done, and its last day planned is over.
pub(super) fn is_overdue(step: &plan_step::Model, today: NaiveDate) -> bool {
    !matches!(step.state, StepState::Done | StepState::Cancelled)
        && step.planned_to.is_some_and(|planned| planned < today)
}

/// Keeps the state and the day it was done together.
pub(super) fn dated(
    before: (StepState, Option<NaiveDate>),
    mut after: PlanStepInput,
    today: NaiveDate,
) -> PlanStepInput {
    (after.state, after.done_on) =
        reached(StepState::Done, before, (after.state, after.done_on), today);
    after
}

/// Objective, label, activity, grouping, duration and place were agreed on by both; the rest tells
/// how far a step has come.
pub(super) fn kind_of_change(changed: &[String], moved: bool) -> StepChange {
    const AGREED: [&str; 5] = [
        "objective",
        "label",
        "activity",
        "grouping",
        "duration_minutes",
    ];
    if moved || changed.iter().any(|name| AGREED.contains(&name.as_str())) {
        StepChange::Edit
    } else {
        StepChange::Progress
    }
}

/// How a plan's steps changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StepChange {
    /// What both have to agree on.
    Edit,
    /// How far a step has come.
    Progress,
}

/// What editing undoes of a plan that was proposed or agreed, and the names of those fields.
pub(crate) fn back_to_draft(plan: &plan::Model) -> Option<(plan::ActiveModel, Vec<String>)> {
    if plan.state == PlanState::Draft {
        return None;
    }
    let change = plan::ActiveModel {
        state: Set(PlanState::Draft),
        proposed_by: Set(None),
        agreed_by_candidate_at: Set(None),
        agreed_by_tutor_at: Set(None),
        on_behalf: Set(false),
        ..Default::default()
    };
    let undone = [
        ("state", true),
        ("proposed_by", plan.proposed_by.is_some()),
        (
            "agreed_by_candidate_at",
            plan.agreed_by_candidate_at.is_some(),
        ),
        ("agreed_by_tutor_at", plan.agreed_by_tutor_at.is_some()),
        ("on_behalf", plan.on_behalf),
    ];
    let names = undone
        .into_iter()
        .filter(|(_, undone)| *undone)
        .map(|(name, _)| name.to_owned())
        .collect();
    Some((change, names))
}

/// A template only fills an empty plan.
pub(crate) fn may_fill(steps: usize) -> Result<()> {
    if steps > 0 {
        return Err(Problem::new(Code::PlanNotEmpty));
    }
    Ok(())
}

/// A step that is neither done nor cancelled may be put off, with a reason.
pub(super) fn postpone(
    step: &plan_step::Model,
    postponement: Postponement,
) -> Result<plan_step::ActiveModel> {
    if matches!(step.state, StepState::Done | StepState::Cancelled) {
        return Err(Problem::new(Code::InvalidTransition));
    }
    Ok(plan_step::ActiveModel {
        state: Set(StepState::Postponed),
        planned_from: Set(Some(postponement.planned_from)),
        planned_to: Set(Some(postponement.planned_to)),
        variance_reason: Set(Some(postponement.variance_reason)),
        ..Default::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(field: &str) -> StepChange {
        kind_of_change(&[field.to_owned()], false)
    }

    #[test]
    fn what_was_agreed_on_is_edited_and_the_rest_is_progress() {
        for field in [
            "objective",
            "label",
            "activity",
            "grouping",
            "duration_minutes",
        ] {
            assert_eq!(change(field), StepChange::Edit);
        }
        for field in [
            "state",
            "planned_from",
            "planned_to",
            "done_on",
            "variance_reason",
            "vae_stage",
        ] {
            assert_eq!(change(field), StepChange::Progress);
        }
        assert_eq!(kind_of_change(&[], true), StepChange::Edit);
    }
}
