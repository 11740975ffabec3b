//! What a sheet shows, who submits and locks it, and what it needs for that.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::action_sheet::Model as Sheet;
use entity::sheet_answer::Model as Answer;
use entity::sheet_item::Model as Item;
use entity::values::{ItemState, Party, Role, SheetState};
use uuid::Uuid;

use crate::booklet::sheet_items::rules::{came_to, lacks_reason};
use crate::kit::{Code, Fault, FaultCode, Problem, Result};

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
        .map(|(index, (item, _))| {
            fault(
                format!("/carried_over/{index}"),
                FaultCode::Unanswered,
                item,
            )
        })
        .collect();
    if !open.is_empty() {
        return Err(Problem::new(Code::SheetItemsOpen).because(open));
    }
    let late = shown.done.iter().enumerate();
    let late = late.filter(|(_, item)| lacks_reason(item));
    let late: Vec<Fault> = late
        .map(|(index, item)| {
            fault(
                format!("/done/{index}"),
                FaultCode::VarianceReasonMissing,
                item,
            )
        })
        .collect();
    if !late.is_empty() {
        return Err(Problem::new(Code::VarianceReasonMissing).because(late));
    }
    Ok(())
}

fn fault(pointer: String, code: FaultCode, item: &Item) -> Fault {
    Fault::new(pointer, code).with("item_id", item.id.to_string())
}

/// The party that somebody of this role speaks for; a substitute speaks for the tutor.
///
/// # Errors
/// 403 when they speak for neither.
pub(super) fn party(role: Role) -> Result<Party> {
    match role {
        Role::Candidate => Ok(Party::Candidate),
        Role::Tutor | Role::Coordinator => Ok(Party::Tutor),
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

/// Validating a complete sheet locks it.
///
/// # Errors
/// 409 as for [`validate`], then as for [`complete`].
pub(super) fn lock(
    sheet: &Sheet,
    by: Party,
    candidate_has_account: bool,
    shown: &Shown<'_>,
    now: DateTime<Utc>,
) -> Result<Sheet> {
    let locked = validate(sheet, by, candidate_has_account, now)?;
    complete(shown)?;
    Ok(locked)
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

#[cfg(test)]
mod carry_over;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
