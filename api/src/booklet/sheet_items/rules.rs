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
use entity::sheet_item::{self, Model as Item};
use entity::values::{ItemState, Party, Role, SheetState};
use sea_orm::Set;

use super::dto::FirstItemState;
use crate::kit::{Code, Fault, FaultCode, Problem, Result};

/// How a sheet settles an item.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// Done; late ones say why.
    Done(Option<String>),
    /// Given up, and why.
    Dropped(String),
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

/// It is still to be done, and the day it was due is over.
pub(crate) fn is_overdue(item: &Item, today: NaiveDate) -> bool {
    item.state == ItemState::Planned && item.due_on.is_some_and(|due_on| due_on < today)
}

/// §02: the candidate explains any gap between planned and real dates.
pub(crate) fn lacks_reason(item: &Item) -> bool {
    is_late(item) && item.variance_reason.is_none()
}

/// A new item as it is raised on this sheet: for the next appointment, or done meanwhile.
pub(super) fn raised_on(
    sheet: &Sheet,
    state: FirstItemState,
    item: sheet_item::ActiveModel,
) -> sheet_item::ActiveModel {
    let is_planned = state == FirstItemState::Planned;
    let state = match state {
        FirstItemState::Planned => ItemState::Planned,
        FirstItemState::Done => ItemState::Done,
    };
    sheet_item::ActiveModel {
        state: Set(state),
        raised_in: Set(is_planned.then_some(sheet.id)),
        raised_number: Set(is_planned.then_some(sheet.number)),
        settled_in: Set((!is_planned).then_some(sheet.id)),
        settled_on: Set((!is_planned).then_some(sheet.appointment_on)),
        dropped_reason: Set(None),
        variance_reason: Set(None),
        ..item
    }
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
    hands_over.then(|| Fault::new("/owner", FaultCode::NotAllowed))
}

#[cfg(test)]
mod tests;
