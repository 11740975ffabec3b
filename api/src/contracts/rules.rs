//! What may be done with a contract, by whom, in which state.

use chrono::NaiveDate;
use entity::values::{BookletState, ContractState, Party, Role, SignatureMethod};
use entity::{booklet, contract};
use sea_orm::Set;
use uuid::Uuid;

use crate::kit::{Code, Event, FaultCode, Problem, Result};

/// The state that counts and is shown: a contract whose date has passed is over.
pub(crate) fn effective_state(contract: &contract::Model, today: NaiveDate) -> ContractState {
    if contract.state == ContractState::InForce && contract.ends_on < today {
        ContractState::Ended
    } else {
        contract.state
    }
}

/// An action is possible in one state alone.
pub(super) fn must_be(
    state: ContractState,
    contract: &contract::Model,
    today: NaiveDate,
) -> Result<()> {
    if effective_state(contract, today) == state {
        Ok(())
    } else {
        Err(Problem::new(Code::InvalidTransition))
    }
}

/// From `proposed` on content never changes.
pub(super) fn may_change(contract: &contract::Model) -> Result<()> {
    if contract.state == ContractState::Draft {
        Ok(())
    } else {
        Err(Problem::new(Code::ContractFrozen))
    }
}

/// Only a frozen contract has something to prove.
pub(super) fn may_prove(contract: &contract::Model) -> Result<()> {
    if contract.state == ContractState::Draft {
        Err(Problem::new(Code::InvalidTransition))
    } else {
        Ok(())
    }
}

/// « Jusqu'au … »: a contract does not end before it starts.
pub(super) fn in_order(starts_on: NaiveDate, ends_on: NaiveDate) -> Result<()> {
    if starts_on <= ends_on {
        Ok(())
    } else {
        Err(Problem::fault("/ends_on", FaultCode::DatesOrder))
    }
}

/// The number of a booklet's next contract; none while another one is being prepared.
pub(super) fn next_number(present: &[(i32, ContractState)]) -> Result<i32> {
    let is_pending = |state| matches!(state, ContractState::Draft | ContractState::Proposed);
    if present.iter().any(|(_, state)| is_pending(*state)) {
        return Err(Problem::new(Code::ContractPending));
    }
    let last = present.iter().map(|(number, _)| *number).max();
    Ok(last.unwrap_or_default() + 1)
}

/// Whose signature this is: one's own, or the one named of those on paper.
pub(super) fn party(role: Role, method: SignatureMethod, named: Option<Party>) -> Result<Party> {
    use SignatureMethod::{Click, Paper};
    match (method, role, named) {
        (Click, Role::Coordinator, _) | (Paper, Role::Candidate, _) => {
            Err(Problem::new(Code::NotAParty))
        }
        (Click, _, Some(_)) => Err(Problem::fault("/party", FaultCode::NotAllowed)),
        (Paper, _, None) => Err(Problem::fault("/party", FaultCode::Required)),
        (Click, Role::Candidate, None) => Ok(Party::Candidate),
        (Click, _, None) => Ok(Party::Tutor),
        (Paper, _, Some(party)) => Ok(party),
    }
}

/// Who this party is; nobody signs for someone else.
pub(super) fn signer(
    contract: &contract::Model,
    candidate: Option<Uuid>,
    party: Party,
    method: SignatureMethod,
    actor: Uuid,
) -> Result<Option<Uuid>> {
    let signer = match party {
        Party::Candidate => candidate,
        Party::Tutor => contract.tutor_id,
    };
    if method == SignatureMethod::Click && signer != Some(actor) {
        return Err(Problem::new(Code::NotAParty));
    }
    Ok(signer)
}

/// A party signs once. Says whether this signature is the second and last.
pub(super) fn completes(party: Party, signed: &[Party]) -> Result<bool> {
    if signed.contains(&party) {
        Err(Problem::new(Code::AlreadySigned))
    } else {
        Ok(!signed.is_empty())
    }
}

/// What a contract in force makes of its booklet: active, unless suspended.
pub(super) fn with_contract(booklet: &booklet::Model, until: NaiveDate) -> booklet::ActiveModel {
    booklet::ActiveModel {
        state: Set(match booklet.state {
            BookletState::Open => BookletState::Active,
            other => other,
        }),
        in_force_until: Set(Some(until)),
        ..Default::default()
    }
}

/// What is left of a booklet when no contract is in force any more: open, unless suspended.
pub(super) fn without_contract(booklet: &booklet::Model) -> booklet::ActiveModel {
    booklet::ActiveModel {
        state: Set(match booklet.state {
            BookletState::Active => BookletState::Open,
            other => other,
        }),
        in_force_until: Set(None),
        ..Default::default()
    }
}

/// What the contracts of a booklet changed about it.
pub(super) fn booklet_event(before: &booklet::Model, after: &booklet::Model) -> Event {
    let mut changed = vec!["in_force_until".to_owned()];
    if before.state != after.state {
        changed.push("state".to_owned());
    }
    Event::updated(after, changed)
}

#[cfg(test)]
mod tests {
    use super::party as party_of;
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn contract(state: ContractState) -> contract::Model {
        contract::Model {
            id: Uuid::nil(),
            organization_id: Uuid::nil(),
            booklet_id: Uuid::nil(),
            number: 1,
            supersedes_id: None,
            state,
            preamble: String::new(),
            candidate_commitments: entity::values::Texts::default(),
            tutor_commitments: entity::values::Texts::default(),
            pledge: String::new(),
            starts_on: day("2026-09-01"),
            ends_on: day("2026-12-31"),
            content_sha256: None,
            candidate_name: None,
            tutor_name: None,
            organization_name: None,
            tutor_id: Some(Uuid::from_u128(2)),
            proposed_at: None,
            terminated_on: None,
            termination_reason: None,
            version: 1,
            created_at: chrono::DateTime::UNIX_EPOCH,
            updated_at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_contract_in_force_ends_after_its_last_day() {
        let contract = contract(ContractState::InForce);
        let on = |date| effective_state(&contract, day(date));
        assert_eq!(on("2026-12-31"), ContractState::InForce);
        assert_eq!(on("2027-01-01"), ContractState::Ended);
    }

    #[test]
    fn a_date_that_passes_ends_no_proposal() {
        let contract = contract(ContractState::Proposed);
        let later = effective_state(&contract, day("2027-06-01"));
        assert_eq!(later, ContractState::Proposed);
    }

    #[test]
    fn a_contract_may_last_one_day() {
        assert!(in_order(day("2026-09-01"), day("2026-09-01")).is_ok());
        assert!(in_order(day("2026-09-02"), day("2026-09-01")).is_err());
    }

    #[test]
    fn numbers_rise_and_one_contract_is_prepared_at_a_time() {
        use ContractState::{Draft, Ended, InForce, Proposed, Superseded};
        assert_eq!(next_number(&[]).unwrap(), 1);
        assert_eq!(next_number(&[(2, InForce), (1, Superseded)]).unwrap(), 3);
        for pending in [Draft, Proposed] {
            let refusal = next_number(&[(1, Ended), (2, pending)]).unwrap_err();
            assert_eq!(refusal.code(), Code::ContractPending);
        }
    }

    #[test]
    fn nobody_signs_for_someone_else() {
        let contract = contract(ContractState::Proposed);
        let (candidate, tutor) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let sign = |party, actor| {
            signer(
                &contract,
                Some(candidate),
                party,
                SignatureMethod::Click,
                actor,
            )
        };
        assert_eq!(sign(Party::Candidate, candidate).unwrap(), Some(candidate));
        assert_eq!(sign(Party::Tutor, tutor).unwrap(), Some(tutor));
        assert!(sign(Party::Candidate, tutor).is_err());
        assert!(sign(Party::Tutor, Uuid::from_u128(3)).is_err());
    }

    #[test]
    fn a_candidate_without_account_signs_on_paper() {
        let contract = contract(ContractState::Proposed);
        let (party, method) = (Party::Candidate, SignatureMethod::Paper);
        let named = party_of(Role::Tutor, method, Some(party));
        assert_eq!(named.unwrap(), party);
        let signer = signer(&contract, None, party, method, Uuid::from_u128(2));
        assert_eq!(signer.unwrap(), None);
    }

    #[test]
    fn a_party_is_named_on_paper_alone() {
        use SignatureMethod::{Click, Paper};
        let code = |role, method, named| party_of(role, method, named).unwrap_err().code();
        assert_eq!(code(Role::Tutor, Click, Some(Party::Tutor)), Code::Invalid);
        assert_eq!(code(Role::Tutor, Paper, None), Code::Invalid);
        assert_eq!(code(Role::Coordinator, Click, None), Code::NotAParty);
        assert_eq!(
            code(Role::Candidate, Paper, Some(Party::Candidate)),
            Code::NotAParty
        );
    }

    #[test]
    fn a_contract_signed_by_both_is_complete() {
        assert!(!completes(Party::Tutor, &[]).unwrap());
        assert!(completes(Party::Tutor, &[Party::Candidate]).unwrap());
        let twice = completes(Party::Tutor, &[Party::Tutor]).unwrap_err();
        assert_eq!(twice.code(), Code::AlreadySigned);
    }
}
