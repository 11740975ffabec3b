//! What may become of an item, from the sheet it is written on to the one that settles it.
//!
//! - « À produire, à contacter, à effectuer » on one sheet *comes to* every sheet of a higher
//!   number, until one of them settles it. Each of those answers it: done, dropped or carried on.
//! - An answer stands on its sheet: only a draft gives one, or gives another one instead.
//! - What one sheet settled, another cannot settle or carry on: it would contradict it.
//! - Settling on an earlier sheet what later ones carried on takes the item away from these: their
//!   answers go as long as they are drafts; once such a sheet is submitted or locked, its answer
//!   stands, and the earlier sheet can only carry the item on.
//! - Nothing is deleted. What was written by mistake is dropped on the very sheet it was written on.

use chrono::NaiveDate;
use entity::action_sheet::Model as Sheet;
use entity::sheet_item::Model as Item;
use entity::values::{ItemState, Party, Role, SheetState};

use crate::action_sheets::rules::editable;
use crate::kit::{Code, Fault, Problem, Result};

/// How a sheet settles an item.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// Done; late ones say why.
    Done(Option<String>),
    /// Given up, and why.
    Dropped(String),
}

/// A lower-numbered sheet raised it.
pub(crate) fn came_to(item: &Item, sheet: &Sheet) -> bool {
    item.raised_number
        .is_some_and(|number| number < sheet.number)
}

/// The sheet first named it: for the next appointment, or as something done meanwhile.
fn was_written_on(item: &Item, sheet: &Sheet) -> bool {
    item.raised_in.or(item.settled_in) == Some(sheet.id)
}

/// It was done at an appointment after the day it was due.
pub(crate) fn is_late(item: &Item) -> bool {
    item.state == ItemState::Done
        && item
            .settled_on
            .zip(item.due_on)
            .is_some_and(|(settled_on, due_on)| settled_on > due_on)
}

/// §02: the candidate explains any gap between planned and real dates.
pub(crate) fn lacks_reason(item: &Item) -> bool {
    is_late(item) && item.variance_reason.is_none()
}

/// The item as this sheet settles it. `later` are the sheets of higher numbers that carried it on.
///
/// # Errors
/// 409 when the sheet is not a draft, when the item did not come to it, when another sheet settled
/// it, or when a later sheet that no longer changes carried it on.
pub(crate) fn settle(
    item: &Item,
    sheet: &Sheet,
    later: &[Sheet],
    verdict: Verdict,
) -> Result<Item> {
    editable(sheet.state)?;
    not_settled_elsewhere(item, sheet)?;
    let dropped = matches!(verdict, Verdict::Dropped(_));
    let corrects = was_written_on(item, sheet) && (item.raised_in.is_none() || dropped);
    if !came_to(item, sheet) && !corrects {
        return Err(Problem::new(Code::ItemNotOnSheet));
    }
    later.iter().try_for_each(|sheet| editable(sheet.state))?;
    let mut settled = Item {
        settled_in: Some(sheet.id),
        settled_on: Some(sheet.appointment_on),
        ..unsettled(item)
    };
    match verdict {
        Verdict::Done(reason) => {
            settled.state = ItemState::Done;
            let reason = reason.filter(|_| is_late(&settled));
            settled.variance_reason = reason.or_else(|| item.variance_reason.clone());
        }
        Verdict::Dropped(reason) => {
            settled.state = ItemState::Dropped;
            settled.dropped_reason = Some(reason);
        }
    }
    Ok(settled)
}

/// The item as this sheet carries it on: still planned, for another day perhaps. What the same
/// sheet had settled is undone.
///
/// # Errors
/// 409 when the sheet is not a draft, when the item did not come to it, or when another sheet
/// settled it.
pub(crate) fn carry_on(item: &Item, sheet: &Sheet, due_on: Option<NaiveDate>) -> Result<Item> {
    editable(sheet.state)?;
    not_settled_elsewhere(item, sheet)?;
    if !came_to(item, sheet) {
        return Err(Problem::new(Code::ItemNotOnSheet));
    }
    Ok(Item {
        due_on: due_on.or(item.due_on),
        ..unsettled(item)
    })
}

fn not_settled_elsewhere(item: &Item, sheet: &Sheet) -> Result<()> {
    if item.state != ItemState::Planned && item.settled_in != Some(sheet.id) {
        return Err(Problem::new(Code::ItemSettled));
    }
    Ok(())
}

/// As it was before it was settled.
fn unsettled(item: &Item) -> Item {
    if item.state == ItemState::Planned {
        return item.clone();
    }
    Item {
        state: ItemState::Planned,
        settled_in: None,
        settled_on: None,
        dropped_reason: None,
        variance_reason: None,
        ..item.clone()
    }
}

/// What may be rewritten, given the states of the sheets that raised and settled it: all of it
/// while the sheet it was written on is a draft; when and with whom, as long as it is planned; the
/// explanation of a delay, as long as the sheet that settled it is a draft.
///
/// # Errors
/// 409 for the rest.
pub(super) fn may_change(
    item: &Item,
    raised: Option<SheetState>,
    settled: Option<SheetState>,
    changed: &[String],
) -> Result<()> {
    let only = |fields: &[&str]| changed.iter().all(|name| fields.contains(&name.as_str()));
    settled.map_or(Ok(()), editable)?;
    match (item.state, raised) {
        (ItemState::Dropped, _) => Err(Problem::new(Code::ItemSettled)),
        (ItemState::Done, Some(_)) if !only(&["variance_reason"]) => {
            Err(Problem::new(Code::ItemSettled))
        }
        (ItemState::Planned, Some(SheetState::Submitted)) => editable(SheetState::Submitted),
        (ItemState::Planned, Some(SheetState::Locked))
            if !only(&["due_on", "variance_reason", "useful_address_id"]) =>
        {
            editable(SheetState::Locked)
        }
        _ => Ok(()),
    }
}

/// A candidate keeps the items that it owns: it cannot hand them over.
pub(super) fn may_own(actor: Role, owner: Party) -> Option<Fault> {
    let hands_over = actor == Role::Candidate && owner != Party::Candidate;
    hands_over.then(|| Fault::new("/owner", "not_allowed"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::action_sheets::rules::samples::{day, item, noted_done, sheet};

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
}
