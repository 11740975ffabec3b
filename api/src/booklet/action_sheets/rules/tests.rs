//! The rules, as the paper has them.

use super::samples::{day, instant, item, noted_done, sheet};
use super::*;
use crate::booklet::sheet_items::rules::editable;

fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    result.unwrap_err().code()
}

fn submitted(by: Party) -> Sheet {
    submit(&sheet(1), by, instant()).unwrap()
}

#[test]
fn a_sheet_submitted_by_one_and_validated_by_the_other_is_locked() {
    let sheet = submitted(Party::Tutor);
    assert_eq!(sheet.validated_by_tutor_at, Some(instant()));
    let locked = validate(&sheet, Party::Candidate, true, instant()).unwrap();
    assert_eq!(locked.state, SheetState::Locked);
    assert_eq!(locked.validated_by_candidate_at, Some(instant()));
    assert!(!locked.on_behalf);
}

#[test]
fn nobody_validates_what_they_submitted_themselves() {
    for party in [Party::Candidate, Party::Tutor] {
        let refused = validate(&submitted(party), party, true, instant());
        assert_eq!(code(refused), Code::OwnProposal);
    }
}

#[test]
fn the_tutor_validates_on_behalf_of_a_candidate_without_account() {
    let sheet = submitted(Party::Tutor);
    let locked = validate(&sheet, Party::Tutor, false, instant()).unwrap();
    assert!(locked.on_behalf && locked.validated_by_candidate_at.is_some());
}

#[test]
fn whoever_submitted_a_sheet_reopens_it() {
    let sheet = submitted(Party::Candidate);
    assert_eq!(code(reopen(&sheet, Party::Tutor)), Code::InvalidTransition);
    let draft = reopen(&sheet, Party::Candidate).unwrap();
    assert_eq!((draft.state, draft.submitted_by), (SheetState::Draft, None));
    assert_eq!(draft.validated_by_candidate_at, None);
}

#[test]
fn a_sheet_goes_from_draft_to_submitted_to_locked_and_no_other_way() {
    let draft = sheet(1);
    let sent = submitted(Party::Tutor);
    let locked = validate(&sent, Party::Candidate, true, instant()).unwrap();
    assert_eq!(
        code(validate(&draft, Party::Tutor, true, instant())),
        Code::InvalidTransition
    );
    assert_eq!(code(reopen(&draft, Party::Tutor)), Code::InvalidTransition);
    assert_eq!(
        code(submit(&sent, Party::Candidate, instant())),
        Code::InvalidTransition
    );
    assert_eq!(
        code(submit(&locked, Party::Tutor, instant())),
        Code::SheetLocked
    );
    assert_eq!(code(reopen(&locked, Party::Tutor)), Code::SheetLocked);
}

#[test]
fn a_locked_sheet_is_not_written_on_nor_a_submitted_one() {
    assert!(editable(SheetState::Draft).is_ok());
    assert_eq!(code(editable(SheetState::Submitted)), Code::SheetFrozen);
    assert_eq!(code(editable(SheetState::Locked)), Code::SheetLocked);
}

#[test]
fn what_one_sheet_raises_is_carried_over_to_the_next() {
    let (first, second) = (sheet(1), sheet(2));
    let items = [item(&first)];
    assert_eq!(shown(&first, &items, &[]).to_do.len(), 1);
    assert!(shown(&first, &items, &[]).carried_over.is_empty());
    let second = shown(&second, &items, &[]);
    assert_eq!(second.carried_over.len(), 1);
    assert!(second.to_do.is_empty() && second.done.is_empty());
}

#[test]
fn a_sheet_with_unanswered_items_is_not_locked() {
    let items = [item(&sheet(1))];
    let refused = complete(&shown(&sheet(2), &items, &[]));
    assert_eq!(code(refused), Code::SheetItemsOpen);
    assert!(complete(&shown(&sheet(1), &items, &[])).is_ok());
}

#[test]
fn a_sheet_with_an_unexplained_delay_is_not_locked() {
    let mut late = noted_done(&sheet(2));
    late.due_on = Some(day(1));
    let refused = complete(&shown(&sheet(2), std::slice::from_ref(&late), &[]));
    assert_eq!(code(refused), Code::VarianceReasonMissing);
    late.variance_reason = Some("Courrier perdu".to_owned());
    assert!(complete(&shown(&sheet(2), &[late], &[])).is_ok());
}
