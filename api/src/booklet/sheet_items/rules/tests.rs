//! The rules, as the paper has them.

use super::*;
use crate::booklet::action_sheets::rules::samples::{day, item, noted_done, sheet};

fn code<T: std::fmt::Debug>(result: Result<T>) -> Code {
    result.unwrap_err().code()
}

fn reason(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn what_is_to_do_on_one_sheet_is_done_on_the_next() {
    let (first, second) = (sheet(1), sheet(2));
    let done = settle(&item(&first), &second, &[], Verdict::Done(None)).unwrap();
    assert_eq!(done.state, ItemState::Done);
    assert_eq!(done.settled_in, Some(second.id));
    assert_eq!(done.settled_on, Some(second.appointment_on));
}

#[test]
fn what_a_sheet_raises_is_not_done_on_that_sheet() {
    let first = sheet(1);
    let refused = settle(&item(&first), &first, &[], Verdict::Done(None));
    assert_eq!(code(refused), Code::ItemNotOnSheet);
    assert_eq!(
        code(carry_on(&item(&first), &first, None)),
        Code::ItemNotOnSheet
    );
}

#[test]
fn what_a_sheet_raises_does_not_come_to_an_earlier_one() {
    let refused = settle(&item(&sheet(2)), &sheet(1), &[], Verdict::Done(None));
    assert_eq!(code(refused), Code::ItemNotOnSheet);
}

#[test]
fn what_was_written_by_mistake_is_dropped_where_it_was_written() {
    let first = sheet(1);
    let mistake = || Verdict::Dropped("Écrit par erreur".into());
    let dropped = settle(&item(&first), &first, &[], mistake()).unwrap();
    assert_eq!(dropped.state, ItemState::Dropped);
    let dropped = settle(&noted_done(&first), &first, &[], mistake()).unwrap();
    assert_eq!(dropped.state, ItemState::Dropped);
    let done_after_all = settle(&dropped, &first, &[], Verdict::Done(None)).unwrap();
    assert_eq!(done_after_all.state, ItemState::Done);
    let elsewhere = settle(&noted_done(&first), &sheet(2), &[], mistake());
    assert_eq!(code(elsewhere), Code::ItemSettled);
}

#[test]
fn the_same_sheet_may_think_again_another_may_not() {
    let (first, second, third) = (sheet(1), sheet(2), sheet(3));
    let done = settle(&item(&first), &second, &[], Verdict::Done(None)).unwrap();
    let dropped = settle(&done, &second, &[], Verdict::Dropped("Non".into())).unwrap();
    assert_eq!(dropped.dropped_reason.as_deref(), Some("Non"));
    let planned = carry_on(&dropped, &second, Some(day(40))).unwrap();
    assert_eq!(
        (planned.state, planned.settled_in),
        (ItemState::Planned, None)
    );
    assert_eq!(
        (planned.due_on, planned.dropped_reason),
        (Some(day(40)), None)
    );
    let refused = settle(&done, &third, &[], Verdict::Done(None));
    assert_eq!(code(refused), Code::ItemSettled);
    assert_eq!(code(carry_on(&done, &third, None)), Code::ItemSettled);
}

#[test]
fn a_submitted_or_locked_sheet_answers_nothing_more() {
    for (state, expected) in [
        (SheetState::Submitted, Code::SheetFrozen),
        (SheetState::Locked, Code::SheetLocked),
    ] {
        let mut second = sheet(2);
        second.state = state;
        let refused = settle(&item(&sheet(1)), &second, &[], Verdict::Done(None));
        assert_eq!(code(refused), expected);
        assert_eq!(code(carry_on(&item(&sheet(1)), &second, None)), expected);
    }
}

#[test]
fn what_a_later_locked_sheet_carried_on_is_not_settled_before_it() {
    let mut third = sheet(3);
    let settle = |third: &Sheet| {
        let later = std::slice::from_ref(third);
        settle(&item(&sheet(1)), &sheet(2), later, Verdict::Done(None))
    };
    assert!(settle(&third).is_ok());
    third.state = SheetState::Locked;
    assert_eq!(code(settle(&third)), Code::SheetLocked);
    assert!(carry_on(&item(&sheet(1)), &sheet(2), None).is_ok());
}

#[test]
fn an_item_done_at_an_appointment_after_its_day_is_late_and_asks_why() {
    let mut raised = item(&sheet(1));
    raised.due_on = Some(sheet(2).appointment_on);
    let done = |sheet: &Sheet, why| settle(&raised, sheet, &[], Verdict::Done(why)).unwrap();
    assert!(!is_late(&done(&sheet(2), None)));
    let late = done(&sheet(3), None);
    assert!(is_late(&late) && lacks_reason(&late));
    let explained = done(&sheet(3), reason("Employeur en congés"));
    assert!(is_late(&explained) && !lacks_reason(&explained));
    assert_eq!(done(&sheet(2), reason("À l'heure")).variance_reason, None);
}

#[test]
fn an_item_is_rewritten_while_its_sheet_is_a_draft() {
    let planned = item(&sheet(1));
    let change =
        |raised, field: &str| may_change(&planned, Some(raised), None, &[field.to_owned()]);
    assert!(change(SheetState::Draft, "label").is_ok());
    assert_eq!(
        code(change(SheetState::Submitted, "label")),
        Code::SheetFrozen
    );
    assert_eq!(
        code(change(SheetState::Submitted, "due_on")),
        Code::SheetFrozen
    );
    assert_eq!(code(change(SheetState::Locked, "label")), Code::SheetLocked);
    assert!(change(SheetState::Locked, "due_on").is_ok());
}

#[test]
fn of_a_settled_item_the_explanation_alone_is_rewritten_until_the_lock() {
    let done = settle(&item(&sheet(1)), &sheet(2), &[], Verdict::Done(None)).unwrap();
    let change = |settled, field: &str| {
        let raised = Some(SheetState::Locked);
        may_change(&done, raised, Some(settled), &[field.to_owned()])
    };
    assert!(change(SheetState::Draft, "variance_reason").is_ok());
    assert_eq!(code(change(SheetState::Draft, "label")), Code::ItemSettled);
    assert_eq!(
        code(change(SheetState::Locked, "variance_reason")),
        Code::SheetLocked
    );
    let noted = noted_done(&sheet(1));
    let label = ["label".to_owned()];
    assert!(may_change(&noted, None, Some(SheetState::Draft), &label).is_ok());
}

#[test]
fn a_candidate_keeps_its_items() {
    assert!(may_own(Role::Candidate, Party::Tutor).is_some());
    assert!(may_own(Role::Candidate, Party::Candidate).is_none());
    assert!(may_own(Role::Tutor, Party::Tutor).is_none());
}
