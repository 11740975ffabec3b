//! Which sheets a caller reaches, and what their changes bring about.

mod ledger;

use std::collections::HashSet;

use entity::values::Party;
use entity::{action_sheet, appointment, booklet, objective};
use sea_orm::{ColumnTrait, QueryFilter, QuerySelect, QueryTrait, Select, Set};
use uuid::Uuid;

pub(crate) use self::ledger::show_page;
pub(super) use self::ledger::{Ledger, read, show_within, to_change};
use super::dto::{ActionSheetFilter, ActionSheetInput};
use super::rules;
use super::snapshot::Snapshot;
use crate::booklet::completed_actions::store::derive;
use crate::booklet::sheet_items::store::sheet_about;
use crate::kit::ctx::day_of;
use crate::kit::write::tx::no_fault;
use crate::kit::{BookletPage, Ctx, Fault, FaultCode, Listed, Result, Sorts, Tx};
use crate::people::candidates::store::has_account;

impl BookletPage for action_sheet::Entity {}

impl Listed for action_sheet::Entity {
    type Entity = Self;
    const SORTS: Sorts<Self> = &[
        ("created_at", action_sheet::Column::CreatedAt),
        ("updated_at", action_sheet::Column::UpdatedAt),
        ("number", action_sheet::Column::Number),
        ("appointment_on", action_sheet::Column::AppointmentOn),
    ];
}

pub(super) fn list(
    ctx: &Ctx,
    booklet_id: Uuid,
    filter: &ActionSheetFilter,
) -> Select<action_sheet::Entity> {
    use action_sheet::Column;
    ctx.select::<action_sheet::Entity>()
        .filter(Column::BookletId.eq(booklet_id))
        .apply_if(filter.state, |query, state| {
            query.filter(Column::State.eq(state))
        })
}

/// The number of the booklet's next sheet; the booklet is locked.
pub(super) async fn next_number(tx: &Tx, booklet_id: Uuid) -> Result<i32> {
    let highest = tx
        .all_of::<action_sheet::Entity>()
        .filter(action_sheet::Column::BookletId.eq(booklet_id))
        .select_only()
        .column_as(action_sheet::Column::Number.max(), "number")
        .into_tuple::<Option<i32>>()
        .one(tx.db())
        .await?;
    Ok(highest.flatten().unwrap_or(0) + 1)
}

/// The rows that the body names are this booklet's. What the sheet named before is not asked for
/// again: it may be gone since.
///
/// # Errors
/// 422 with a pointer to each that is not.
pub(super) async fn known_references(
    tx: &Tx,
    booklet_id: Uuid,
    input: &ActionSheetInput,
    before: Option<&action_sheet::Model>,
) -> Result<()> {
    let names_objectives =
        !(input.targeted_objective_ids.is_empty() && input.achieved_objective_ids.is_empty());
    let mut known: HashSet<Uuid> = if names_objectives {
        objectives_of(tx, booklet_id).await?
    } else {
        HashSet::new()
    };
    let sheet = before;
    let before = before.into_iter();
    known.extend(before.clone().flat_map(|row| &row.targeted_objective_ids.0));
    known.extend(before.clone().flat_map(|row| &row.achieved_objective_ids.0));
    let lists = [
        ("targeted_objective_ids", &input.targeted_objective_ids),
        ("achieved_objective_ids", &input.achieved_objective_ids),
    ];
    let mut unknown = Vec::new();
    for (field, ids) in lists {
        let strangers = ids.iter().enumerate().filter(|(_, id)| !known.contains(id));
        unknown.extend(strangers.map(|(index, _)| format!("/{field}/{index}")));
    }
    let fault = |pointer| Some(Fault::new(pointer, FaultCode::UnknownReference));
    let unknown = unknown.into_iter().map(fault);
    let of_appointment = about_one(tx, booklet_id, input, sheet).await?;
    no_fault(unknown.chain([of_appointment]))
}

/// What is wrong with the appointment that a sheet is about: it has one sheet, of its own day where it takes
/// place.
async fn about_one(
    tx: &Tx,
    booklet_id: Uuid,
    input: &ActionSheetInput,
    sheet: Option<&action_sheet::Model>,
) -> Result<Option<Fault>> {
    let Some(id) = input.appointment_id else {
        return Ok(None);
    };
    let is_known = sheet.is_some_and(|sheet| sheet.appointment_id == Some(id));
    if is_known && sheet.is_some_and(|sheet| sheet.appointment_on == input.appointment_on) {
        return Ok(None);
    }
    let at = "/appointment_id";
    let appointment = tx.reference::<appointment::Entity>(id).await?;
    let Some(appointment) = appointment.filter(|row| row.booklet_id == booklet_id) else {
        let unknown = Fault::new(at, FaultCode::UnknownReference);
        return Ok(Some(unknown).filter(|_| !is_known));
    };
    let other = sheet_about(tx, id).await?;
    if other.is_some_and(|other| sheet.is_none_or(|sheet| sheet.id != other.id)) {
        return Ok(Some(Fault::new(at, FaultCode::Taken)));
    }
    let day = day_of(appointment.starts_at, &appointment.timezone);
    let fault = Fault::new("/appointment_on", FaultCode::OtherDay).with("day", day.to_string());
    Ok(Some(fault).filter(|_| input.appointment_on != day))
}

async fn objectives_of(tx: &Tx, booklet_id: Uuid) -> Result<HashSet<Uuid>> {
    let ids = tx
        .all_of::<objective::Entity>()
        .filter(objective::Column::BookletId.eq(booklet_id))
        .select_only()
        .column(objective::Column::Id)
        .into_tuple::<Uuid>()
        .all(tx.db())
        .await?;
    Ok(ids.into_iter().collect())
}

/// Writes who agreed to the sheet.
pub(super) async fn write_state(
    tx: &Tx,
    before: &action_sheet::Model,
    after: &action_sheet::Model,
) -> Result<action_sheet::Model> {
    tx.update(before, state_of(after)).await
}

fn state_of(sheet: &action_sheet::Model) -> action_sheet::ActiveModel {
    action_sheet::ActiveModel {
        state: Set(sheet.state),
        submitted_by: Set(sheet.submitted_by),
        validated_by_candidate_at: Set(sheet.validated_by_candidate_at),
        validated_by_tutor_at: Set(sheet.validated_by_tutor_at),
        on_behalf: Set(sheet.on_behalf),
        ..Default::default()
    }
}

/// Validates and locks a complete sheet: what it shows is kept with it, and each item done on it becomes a
/// completed action (§09).
///
/// # Errors
/// 409 when this party may not validate it, or items lack an answer or an explanation.
pub(super) async fn lock(
    tx: &mut Tx,
    booklet: &booklet::Model,
    before: &action_sheet::Model,
    by: Party,
) -> Result<action_sheet::Model> {
    let has_account = has_account(tx, booklet).await?;
    let ledger = Ledger::of(tx, before).await?;
    let shown = ledger.shown(before);
    let after = rules::lock(before, by, has_account, &shown, tx.now)?;
    for item in &shown.done {
        derive(tx, booklet, before, item).await?;
    }
    let change = action_sheet::ActiveModel {
        locked_items: Set(Some(Snapshot::of(&shown).kept()?)),
        ..state_of(&after)
    };
    tx.update(before, change).await
}
