//! Sheets and items to try the rules on.

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
