//! What a sheet shows, who submits and locks it, and what it needs for that.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::action_sheet::Model as Sheet;
use entity::sheet_answer::Model as Answer;
use entity::sheet_item::Model as Item;
use entity::values::{ItemState, Party, Role, SheetState};
use uuid::Uuid;

use crate::kit::{Code, Fault, Problem, Result};
use crate::sheet_items::rules::{came_to, lacks_reason};

/// What a sheet shows of the booklet's items.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    /// « À produire, à contacter, à effectuer »: what it raises for the next appointment.
    pub(crate) to_do: Vec<&'a Item>,
    /// « Produits, contactés, effectuées »: what is done on it.
    pub(crate) done: Vec<&'a Item>,
    /// What earlier sheets raised and nobody settled before, with this sheet's answer.
    pub(crate) carried_over: Vec<(&'a Item, Option<&'a Answer>)>,
}

/// What the sheet shows, out of the items of its booklet and the answers of its sheets.
pub(crate) fn shown<'a>(sheet: &Sheet, items: &'a [Item], answers: &'a [Answer]) -> Shown<'a> {
    let answers: HashMap<Uuid, &Answer> = answers
        .iter()
        .filter(|answer| answer.sheet_id == sheet.id)
        .map(|answer| (answer.item_id, answer))
        .collect();
    let settled_here =
        |item: &Item| item.settled_in == Some(sheet.id) && item.state == ItemState::Done;
    Shown {
        to_do: items
            .iter()
            .filter(|item| item.raised_in == Some(sheet.id))
            .collect(),
        done: items.iter().filter(|item| settled_here(item)).collect(),
        carried_over: items
            .iter()
            .filter(|item| came_to(item, sheet))
            .map(|item| (item, answers.get(&item.id).copied()))
            .filter(|(item, answer)| item.state == ItemState::Planned || answer.is_some())
            .collect(),
    }
}

/// A sheet is locked when it says of each item that came to it what became of it, and why what was
/// late was late.
///
/// # Errors
/// 409 that names the items.
pub(super) fn complete(shown: &Shown<'_>) -> Result<()> {
    let open = shown.carried_over.iter().enumerate();
    let open = open.filter(|(_, (_, answer))| answer.is_none());
    let open: Vec<Fault> = open
        .map(|(index, (item, _))| fault(format!("/carried_over/{index}"), "unanswered", item))
        .collect();
    if !open.is_empty() {
        return Err(Problem::new(Code::SheetItemsOpen).because(open));
    }
    let late = shown.done.iter().enumerate();
    let late = late.filter(|(_, item)| lacks_reason(item));
    let late: Vec<Fault> = late
        .map(|(index, item)| fault(format!("/done/{index}"), "variance_reason_missing", item))
        .collect();
    if !late.is_empty() {
        return Err(Problem::new(Code::VarianceReasonMissing).because(late));
    }
    Ok(())
}

fn fault(pointer: String, code: &'static str, item: &Item) -> Fault {
    Fault::new(pointer, code)
        .with("item_id", item.id.to_string())
        .with("label", item.label.as_str())
}

/// Only a draft is written on.
///
/// # Errors
/// 409 when the sheet is submitted or locked.
pub(crate) fn editable(state: SheetState) -> Result<()> {
    match state {
        SheetState::Draft => Ok(()),
        SheetState::Submitted => Err(Problem::new(Code::SheetFrozen)),
        SheetState::Locked => Err(Problem::new(Code::SheetLocked)),
    }
}

/// The party that somebody of this role speaks for; a substitute speaks for the tutor.
///
/// # Errors
/// 403 when they speak for neither.
pub(super) fn party(role: Role) -> Result<Party> {
    match role {
        Role::Candidate => Ok(Party::Candidate),
        Role::Tutor => Ok(Party::Tutor),
        _ => Err(Problem::new(Code::Forbidden)),
    }
}

/// Either party puts a draft forward, and thereby validates it itself.
///
/// # Errors
/// 409 when the sheet is not a draft.
pub(super) fn submit(sheet: &Sheet, by: Party, now: DateTime<Utc>) -> Result<Sheet> {
    in_state(sheet, SheetState::Draft)?;
    Ok(Sheet {
        state: SheetState::Submitted,
        submitted_by: Some(by),
        ..agreed(sheet, by, now)
    })
}

/// Whoever submitted a sheet takes it back.
///
/// # Errors
/// 409 for the other party, and when the sheet is not submitted.
pub(super) fn reopen(sheet: &Sheet, by: Party) -> Result<Sheet> {
    in_state(sheet, SheetState::Submitted)?;
    if sheet.submitted_by != Some(by) {
        return Err(Problem::new(Code::InvalidTransition));
    }
    Ok(Sheet {
        state: SheetState::Draft,
        submitted_by: None,
        validated_by_candidate_at: None,
        validated_by_tutor_at: None,
        ..sheet.clone()
    })
}

/// The other party validates a submitted sheet, which locks it. For a candidate without account
/// the tutor does, marked as such.
///
/// # Errors
/// 409 for the party that submitted it, and when the sheet is not submitted.
pub(super) fn validate(
    sheet: &Sheet,
    by: Party,
    candidate_has_account: bool,
    now: DateTime<Utc>,
) -> Result<Sheet> {
    in_state(sheet, SheetState::Submitted)?;
    let own = sheet.submitted_by == Some(by);
    let on_behalf = own && by == Party::Tutor && !candidate_has_account;
    if own && !on_behalf {
        return Err(Problem::new(Code::OwnProposal));
    }
    let party = if on_behalf { Party::Candidate } else { by };
    Ok(Sheet {
        state: SheetState::Locked,
        on_behalf,
        ..agreed(sheet, party, now)
    })
}

fn in_state(sheet: &Sheet, state: SheetState) -> Result<()> {
    if sheet.state == state {
        Ok(())
    } else if sheet.state == SheetState::Locked {
        Err(Problem::new(Code::SheetLocked))
    } else {
        Err(Problem::new(Code::InvalidTransition))
    }
}

fn agreed(sheet: &Sheet, by: Party, now: DateTime<Utc>) -> Sheet {
    let mut sheet = sheet.clone();
    match by {
        Party::Candidate => sheet.validated_by_candidate_at = Some(now),
        Party::Tutor => sheet.validated_by_tutor_at = Some(now),
    }
    sheet
}

/// Sheets and items to try the rules on.
#[cfg(test)]
pub(crate) mod samples {
    use chrono::NaiveDate;
    use entity::values::{Ids, ItemKind};

    use super::*;
    use crate::kit::new_id;

    pub(crate) fn day(day: i32) -> NaiveDate {
        NaiveDate::from_num_days_from_ce_opt(739_000 + day).unwrap()
    }

    pub(crate) fn instant() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    /// The sheet of this number, of the tenth day after the one before.
    pub(crate) fn sheet(number: i32) -> Sheet {
        Sheet {
            id: Uuid::from_u128(u128::try_from(number).unwrap()),
            organization_id: Uuid::nil(),
            booklet_id: Uuid::nil(),
            number,
            appointment_on: day(10 * number),
            appointment_id: None,
            targeted_objectives: None,
            achieved_objectives: None,
            targeted_objective_ids: Ids::default(),
            achieved_objective_ids: Ids::default(),
            difficulties: None,
            successes: None,
            remarks: None,
            summary: None,
            next_appointment_on: None,
            state: SheetState::Draft,
            submitted_by: None,
            validated_by_candidate_at: None,
            validated_by_tutor_at: None,
            on_behalf: false,
            locked_items: None,
            version: 1,
            created_at: instant(),
            updated_at: instant(),
        }
    }

    /// Something to do, raised on this sheet.
    pub(crate) fn item(raised_in: &Sheet) -> Item {
        Item {
            id: new_id(),
            organization_id: Uuid::nil(),
            booklet_id: Uuid::nil(),
            kind: ItemKind::Document,
            label: "Bulletins de salaire".to_owned(),
            owner: Party::Candidate,
            due_on: None,
            state: ItemState::Planned,
            raised_in: Some(raised_in.id),
            raised_number: Some(raised_in.number),
            settled_in: None,
            settled_on: None,
            dropped_reason: None,
            variance_reason: None,
            useful_address_id: None,
            version: 1,
            created_at: instant(),
            updated_at: instant(),
        }
    }

    /// Something that no sheet asked for, noted as done on this one.
    pub(crate) fn noted_done(sheet: &Sheet) -> Item {
        Item {
            state: ItemState::Done,
            raised_in: None,
            raised_number: None,
            settled_in: Some(sheet.id),
            settled_on: Some(sheet.appointment_on),
            ..item(sheet)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::samples::{day, instant, item, noted_done, sheet};
    use super::*;

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
}
