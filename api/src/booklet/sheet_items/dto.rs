//! What travels about the items of action sheets.

use chrono::NaiveDate;
use entity::sheet_item;
use entity::values::{ItemKind, ItemState, Party};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::rules::{self, Verdict};
use crate::kit::{Ctx, Fault, FaultCode, Meta, Problem, Result, Warning};

/// Something to produce, a contact to make or a task (§08).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct SheetItem {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// Document, contact or task.
    kind: ItemKind,
    /// What is to produce (à produire), to contact (à contacter) or to do (à effectuer).
    label: String,
    /// Who is to do it.
    owner: Party,
    /// The day it is due.
    due_on: Option<NaiveDate>,
    /// How far it is.
    state: ItemState,
    /// The sheet that raised it for the next appointment; null for what was noted when done.
    raised_in: Option<Uuid>,
    /// The number of that sheet.
    raised_number: Option<i32>,
    /// The sheet on which it was done or dropped.
    settled_in: Option<Uuid>,
    /// The date of that sheet's appointment.
    settled_on: Option<NaiveDate>,
    /// Why it was given up.
    #[schema(max_length = 2000)]
    dropped_reason: Option<String>,
    /// Why it was done late.
    variance_reason: Option<String>,
    /// The body of the directory that it is about (§07).
    useful_address_id: Option<Uuid>,
    /// Whether it was done at an appointment after the day it was due.
    is_late: bool,
    /// Whether it is still planned, and the day it is due is over where the organization is. False on
    /// a locked sheet, which shows what was.
    overdue: bool,
    /// What is missing before its sheet can be locked.
    #[schema(max_items = 10)]
    warnings: Vec<Warning>,
}

impl SheetItem {
    /// The item as this reader is shown it, today.
    pub(crate) fn shown(row: &sheet_item::Model, ctx: &Ctx) -> Self {
        let missing = rules::lacks_reason(row)
            .then(|| Fault::new("/variance_reason", FaultCode::VarianceReasonMissing));
        Self {
            meta: row.into(),
            booklet_id: row.booklet_id,
            kind: row.kind,
            label: row.label.clone(),
            owner: row.owner,
            due_on: row.due_on,
            state: row.state,
            raised_in: row.raised_in,
            raised_number: row.raised_number,
            settled_in: row.settled_in,
            settled_on: row.settled_on,
            dropped_reason: row.dropped_reason.clone(),
            variance_reason: row.variance_reason.clone(),
            useful_address_id: row.useful_address_id,
            is_late: rules::is_late(row),
            overdue: rules::is_overdue(row, ctx.today),
            warnings: missing
                .iter()
                .map(|fault| fault.warning(ctx.locale))
                .collect(),
        }
    }

    /// The same as a locked sheet keeps it.
    pub(crate) fn kept(self) -> Self {
        Self {
            overdue: false,
            ..self
        }
    }
}

/// What a new item is: for the next appointment, or done meanwhile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FirstItemState {
    /// « À produire », « à contacter », « à effectuer »: for the next appointment.
    Planned,
    /// « Produits », « contactés », « effectuées »: done, though no sheet asked for it.
    Done,
}

/// An item to write on a sheet.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"kind": "document", "label": "Bulletins de salaire des trois dernières années", "state": "planned", "owner": "candidate", "due_on": "2026-12-10"}))]
pub(crate) struct SheetItemInput {
    /// Document, contact or task.
    kind: ItemKind,
    /// What is to produce, to contact or to do.
    #[schema(min_length = 1, max_length = 2000)]
    label: String,
    /// `planned` for the next appointment, `done` for what was done meanwhile. Default: `planned`.
    #[serde(default = "planned")]
    pub(super) state: FirstItemState,
    /// Who is to do it. Default: `candidate`.
    #[serde(default = "candidate")]
    pub(super) owner: Party,
    /// The day it is due.
    #[serde(default)]
    pub(super) due_on: Option<NaiveDate>,
    /// The body of the directory that it is about (§07).
    #[serde(default)]
    pub(super) useful_address_id: Option<Uuid>,
}

impl From<SheetItemInput> for sheet_item::ActiveModel {
    fn from(input: SheetItemInput) -> Self {
        Self {
            kind: Set(input.kind),
            label: Set(input.label),
            owner: Set(input.owner),
            due_on: Set(input.due_on),
            useful_address_id: Set(input.useful_address_id),
            ..Default::default()
        }
    }
}

fn planned() -> FirstItemState {
    FirstItemState::Planned
}

fn candidate() -> Party {
    Party::Candidate
}

/// What may be rewritten of an item.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"due_on": "2026-12-17"}))]
pub(crate) struct SheetItemEdit {
    /// Document, contact or task.
    kind: ItemKind,
    /// What is to produce, to contact or to do.
    #[schema(min_length = 1, max_length = 2000)]
    label: String,
    /// Who is to do it.
    pub(super) owner: Party,
    /// The day it is due.
    due_on: Option<NaiveDate>,
    /// Why it was done late.
    #[schema(min_length = 1, max_length = 2000)]
    variance_reason: Option<String>,
    /// The body of the directory that it is about (§07).
    pub(super) useful_address_id: Option<Uuid>,
}

impl From<&sheet_item::Model> for SheetItemEdit {
    fn from(row: &sheet_item::Model) -> Self {
        Self {
            kind: row.kind,
            label: row.label.clone(),
            owner: row.owner,
            due_on: row.due_on,
            variance_reason: row.variance_reason.clone(),
            useful_address_id: row.useful_address_id,
        }
    }
}

impl From<SheetItemEdit> for sheet_item::ActiveModel {
    fn from(edit: SheetItemEdit) -> Self {
        Self {
            kind: Set(edit.kind),
            label: Set(edit.label),
            owner: Set(edit.owner),
            due_on: Set(edit.due_on),
            variance_reason: Set(edit.variance_reason),
            useful_address_id: Set(edit.useful_address_id),
            ..Default::default()
        }
    }
}

/// How a sheet settles an item.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Settlement {
    /// It was produced, contacted or done.
    Done,
    /// It was given up.
    Dropped,
}

/// A sheet's last word on an item.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sheet_id": "$samira.s6", "state": "done", "reason": "L'employeur n'a répondu qu'après relance."}))]
pub(crate) struct SettleItem {
    /// The draft sheet that says so: of the same booklet, and of a higher number than the one
    /// that raised the item. The latter itself may drop what was raised by mistake.
    pub(super) sheet_id: Uuid,
    /// Done or dropped.
    state: Settlement,
    /// Why: needed when dropped, and when done late.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    pub(super) reason: Option<String>,
}

impl SettleItem {
    /// What it says.
    ///
    /// # Errors
    /// 422 when an item is dropped without a reason.
    pub(super) fn verdict(&self) -> Result<Verdict> {
        match (self.state, self.reason.clone()) {
            (Settlement::Done, reason) => Ok(Verdict::Done(reason)),
            (Settlement::Dropped, Some(reason)) => Ok(Verdict::Dropped(reason)),
            (Settlement::Dropped, None) => Err(Problem::fault("/reason", FaultCode::Required)),
        }
    }
}

/// A sheet leaves an item for a later appointment.
#[derive(Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"sheet_id": "$samira.s6", "due_on": "2027-01-14", "reason": "Le centre de ressources ferme pendant les congés."}))]
pub(crate) struct CarryItemOn {
    /// The draft sheet that says so: of the same booklet, and of a higher number than the one
    /// that raised the item.
    pub(super) sheet_id: Uuid,
    /// The new day it is due. Absent or null: as before.
    #[serde(default)]
    pub(super) due_on: Option<NaiveDate>,
    /// Why it is not done yet.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000)]
    pub(super) reason: Option<String>,
}

/// Which items.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SheetItemFilter {
    /// Only items in this state.
    pub(super) state: Option<ItemState>,
    /// Only items of this owner.
    pub(super) owner: Option<Party>,
    /// Only items of this kind.
    pub(super) kind: Option<ItemKind>,
}
