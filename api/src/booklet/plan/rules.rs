//! How a plan is proposed, agreed and edited.

use chrono::{DateTime, Utc};
use entity::plan;
use entity::values::{Party, PlanState, Role};
use sea_orm::Set;

use crate::kit::{Code, Problem, Result};

/// Whose word it is: the candidate's, or the tutor's side.
pub(super) fn party(role: Role) -> Result<Party> {
    match role {
        Role::Candidate => Ok(Party::Candidate),
        Role::Tutor | Role::Coordinator => Ok(Party::Tutor),
        _ => Err(Problem::new(Code::Forbidden)),
    }
}

/// A draft with steps may be proposed by either; proposing is one's own yes.
pub(super) fn propose(
    plan: &plan::Model,
    by: Party,
    steps: usize,
    now: DateTime<Utc>,
) -> Result<plan::ActiveModel> {
    if plan.state != PlanState::Draft {
        return Err(Problem::new(Code::InvalidTransition));
    }
    if steps == 0 {
        return Err(Problem::new(Code::PlanEmpty));
    }
    Ok(plan::ActiveModel {
        state: Set(PlanState::Proposed),
        proposed_by: Set(Some(by)),
        ..yes(by, now)
    })
}

/// The other party agrees; for a candidate without account the tutor does, on their behalf.
pub(super) fn agree(
    plan: &plan::Model,
    by: Party,
    candidate_has_account: bool,
    now: DateTime<Utc>,
) -> Result<plan::ActiveModel> {
    if plan.state != PlanState::Proposed {
        return Err(Problem::new(Code::InvalidTransition));
    }
    let own = plan.proposed_by == Some(by);
    let on_behalf = own && by == Party::Tutor && !candidate_has_account;
    if own && !on_behalf {
        return Err(Problem::new(Code::OwnProposal));
    }
    let who = if on_behalf { Party::Candidate } else { by };
    Ok(plan::ActiveModel {
        state: Set(PlanState::Agreed),
        on_behalf: Set(on_behalf),
        ..yes(who, now)
    })
}

fn yes(party: Party, now: DateTime<Utc>) -> plan::ActiveModel {
    match party {
        Party::Candidate => plan::ActiveModel {
            agreed_by_candidate_at: Set(Some(now)),
            ..Default::default()
        },
        Party::Tutor => plan::ActiveModel {
            agreed_by_tutor_at: Set(Some(now)),
            ..Default::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::booklet::plan_steps::rules::back_to_draft;
    use sea_orm::{ActiveModelTrait, TryIntoModel};
    use uuid::Uuid;

    const NOW: DateTime<Utc> = DateTime::from_timestamp_nanos(1_795_000_000_000_000_000);

    fn draft() -> plan::Model {
        plan::Model {
            id: Uuid::nil(),
            organization_id: Uuid::nil(),
            booklet_id: Uuid::nil(),
            state: PlanState::Draft,
            proposed_by: None,
            agreed_by_candidate_at: None,
            agreed_by_tutor_at: None,
            on_behalf: false,
            source_template_id: None,
            version: 1,
            created_at: NOW,
            updated_at: NOW,
        }
    }

    fn after(plan: &plan::Model, change: &plan::ActiveModel) -> plan::Model {
        let mut row: plan::ActiveModel = plan.clone().into();
        for column in <plan::Column as sea_orm::Iterable>::iter() {
            if let Set(value) = change.get(column) {
                row.set(column, value);
            }
        }
        row.try_into_model().unwrap()
    }

    fn proposed_by(party: Party) -> plan::Model {
        after(&draft(), &propose(&draft(), party, 1, NOW).unwrap())
    }

    fn code<T: std::fmt::Debug>(refused: Result<T>) -> Code {
        refused.unwrap_err().code()
    }

    #[test]
    fn either_proposes_and_the_other_agrees() {
        for (one, other) in [
            (Party::Tutor, Party::Candidate),
            (Party::Candidate, Party::Tutor),
        ] {
            let plan = proposed_by(one);
            let plan = after(&plan, &agree(&plan, other, true, NOW).unwrap());
            assert_eq!((plan.state, plan.on_behalf), (PlanState::Agreed, false));
            assert!(plan.agreed_by_candidate_at.is_some() && plan.agreed_by_tutor_at.is_some());
        }
    }

    #[test]
    fn nobody_agrees_their_own_proposal() {
        for party in [Party::Tutor, Party::Candidate] {
            let agreed = agree(&proposed_by(party), party, true, NOW);
            assert_eq!(code(agreed), Code::OwnProposal);
        }
    }

    #[test]
    fn for_a_candidate_without_account_the_tutor_agrees_and_it_shows() {
        let plan = proposed_by(Party::Tutor);
        let plan = after(&plan, &agree(&plan, Party::Tutor, false, NOW).unwrap());
        assert!(plan.on_behalf && plan.agreed_by_candidate_at.is_some());
    }

    #[test]
    fn an_empty_plan_is_not_proposed_nor_a_proposed_one_again() {
        let empty = propose(&draft(), Party::Tutor, 0, NOW);
        assert_eq!(code(empty), Code::PlanEmpty);
        let again = propose(&proposed_by(Party::Tutor), Party::Candidate, 1, NOW);
        assert_eq!(code(again), Code::InvalidTransition);
        let draft = agree(&draft(), Party::Tutor, true, NOW);
        assert_eq!(code(draft), Code::InvalidTransition);
    }

    #[test]
    fn editing_takes_back_what_was_said() {
        let plan = proposed_by(Party::Candidate);
        let (change, names) = back_to_draft(&plan).unwrap();
        assert_eq!(names, ["state", "proposed_by", "agreed_by_candidate_at"]);
        assert_eq!(after(&plan, &change), draft());
        assert!(back_to_draft(&draft()).is_none());
    }
}
