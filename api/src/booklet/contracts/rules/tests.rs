//! What the paper says of signatures, in code.

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
        terminated_at: None,
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
fn a_tutor_does_not_record_the_signature_of_a_candidate_who_could_sign() {
    let contract = contract(ContractState::Proposed);
    let [candidate, tutor, coordinator] = [1, 2, 3].map(Uuid::from_u128);
    let (party, method) = (Party::Candidate, SignatureMethod::Paper);
    let recorded_by = |actor| signer(&contract, Some(candidate), party, method, actor);
    assert_eq!(recorded_by(tutor).unwrap_err().code(), Code::NotAParty);
    assert_eq!(recorded_by(coordinator).unwrap(), Some(candidate));
}

#[test]
fn the_content_that_is_named_is_the_one_that_is_signed() {
    let contract = contract::Model {
        content_sha256: Some("0a".to_owned()),
        ..contract(ContractState::Proposed)
    };
    assert!(names_content(&contract, None).is_ok());
    assert!(names_content(&contract, Some("0a")).is_ok());
    assert!(names_content(&contract, Some("0b")).is_err());
}

#[test]
fn a_party_is_named_on_paper_alone() {
    use SignatureMethod::{Click, Paper};
    let code = |role, method, named| party_of(role, method, named).unwrap_err().code();
    assert_eq!(code(Role::Tutor, Click, Some(Party::Tutor)), Code::Invalid);
    assert_eq!(code(Role::Tutor, Paper, None), Code::Invalid);
    // A coordinator may tutor; whether they do, the contract says.
    let tutors = party_of(Role::Coordinator, Click, None).unwrap();
    assert_eq!(tutors, Party::Tutor);
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

#[test]
fn whoever_has_signed_waits_and_others_record_on_paper() {
    let may = |state, role, actor, signed: &[Party]| {
        let account = Some(Uuid::from_u128(1));
        let contract = contract(state);
        let ruled = may_sign(&contract, signed, role, account, actor, day("2026-10-01"));
        ruled.err().map(|problem| problem.code())
    };
    let [candidate, tutor] = [1, 2].map(Uuid::from_u128);
    let proposed = ContractState::Proposed;
    assert_eq!(may(proposed, Role::Candidate, candidate, &[]), None);
    let again = may(proposed, Role::Candidate, candidate, &[Party::Candidate]);
    assert_eq!(again, Some(Code::AlreadySigned));
    let waits = may(proposed, Role::Tutor, tutor, &[Party::Tutor]);
    assert_eq!(waits, Some(Code::AlreadySigned));
    for role in [Role::Coordinator, Role::Tutor] {
        let stranger = Uuid::from_u128(3);
        assert_eq!(may(proposed, role, stranger, &[]), None);
        let early = may(ContractState::Draft, role, stranger, &[]);
        assert_eq!(early, Some(Code::InvalidTransition));
    }
}
