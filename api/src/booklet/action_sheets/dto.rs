//! What travels about action sheets.

use chrono::{DateTime, NaiveDate, Utc};
use entity::action_sheet;
use entity::values::{Answer, Ids, Party, SheetState};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::{Validate, ValidationErrors};

use super::snapshot::{KeptCarried, KeptItem, Snapshot};
use crate::booklet::booklets::dto::Booklet;
use crate::booklet::sheet_items::dto::SheetItem;
use crate::kit::{Ctx, Included, Meta, dates_in_order};

/// The sheet of one appointment (§08: fiche action N° …).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActionSheet {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// Fiche action N°: 1, 2, … in each booklet.
    #[schema(minimum = 1)]
    number: i32,
    /// Date du rendez-vous.
    appointment_on: NaiveDate,
    /// The appointment in the calendar.
    appointment_id: Option<Uuid>,
    /// Objectifs visés.
    targeted_objectives: Option<String>,
    /// Objectifs atteints.
    achieved_objectives: Option<String>,
    /// The objectives of the booklet (§04) that were aimed at.
    targeted_objective_ids: Vec<Uuid>,
    /// The objectives of the booklet (§04) that were reached.
    achieved_objective_ids: Vec<Uuid>,
    /// Difficultés rencontrées.
    difficulties: Option<String>,
    /// Réussites.
    successes: Option<String>,
    /// Remarques.
    remarks: Option<String>,
    /// Bilan du RDV.
    summary: Option<String>,
    /// Date du prochain rendez-vous.
    next_appointment_on: Option<NaiveDate>,
    /// How far it is.
    state: SheetState,
    /// The party that submitted it.
    submitted_by: Option<Party>,
    /// When the candidate validated it, by submitting it or after the tutor did.
    validated_by_candidate_at: Option<DateTime<Utc>>,
    /// When the tutor validated it.
    validated_by_tutor_at: Option<DateTime<Utc>>,
    /// Whether the tutor validated it for a candidate without account.
    on_behalf: bool,
    /// À produire, à contacter, à effectuer: what it raises for the next appointment.
    to_do: Vec<SheetItem>,
    /// Documents produits, personnes et organismes contactés, tâches effectuées.
    done: Vec<SheetItem>,
    /// What earlier sheets raised and is still planned, or was answered on this one. Each needs an
    /// answer before the sheet is locked.
    carried_over: Vec<CarriedItem>,
    /// The booklet; with `include=booklet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Booklet>, no_recursion)]
    pub(super) booklet: Included<Booklet>,
}

/// An item that came to a sheet, and what this sheet says about it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CarriedItem {
    #[serde(flatten)]
    item: SheetItem,
    /// What this sheet says: done, dropped, carried on, or nothing yet.
    answer: Option<Answer>,
    /// Why.
    #[schema(max_length = 2000)]
    answer_reason: Option<String>,
}

impl ActionSheet {
    /// The sheet together with its items, as this reader is shown them.
    pub(super) fn with(row: action_sheet::Model, items: &Snapshot, ctx: &Ctx) -> Self {
        let show = |item: &KeptItem| {
            let shown = SheetItem::shown(&item.row(&row), ctx);
            match row.state {
                // What it kept is over, whatever became of it since.
                SheetState::Locked => shown.kept(),
                _ => shown,
            }
        };
        let carried = |kept: &KeptCarried| CarriedItem {
            item: show(&kept.item),
            answer: kept.answer,
            answer_reason: kept.answer_reason.clone(),
        };
        Self {
            to_do: items.to_do.iter().map(show).collect(),
            done: items.done.iter().map(show).collect(),
            carried_over: items.carried_over.iter().map(carried).collect(),
            meta: (&row).into(),
            booklet: None,
            booklet_id: row.booklet_id,
            number: row.number,
            appointment_on: row.appointment_on,
            appointment_id: row.appointment_id,
            targeted_objectives: row.targeted_objectives,
            achieved_objectives: row.achieved_objectives,
            targeted_objective_ids: row.targeted_objective_ids.0,
            achieved_objective_ids: row.achieved_objective_ids.0,
            difficulties: row.difficulties,
            successes: row.successes,
            remarks: row.remarks,
            summary: row.summary,
            next_appointment_on: row.next_appointment_on,
            state: row.state,
            submitted_by: row.submitted_by,
            validated_by_candidate_at: row.validated_by_candidate_at,
            validated_by_tutor_at: row.validated_by_tutor_at,
            on_behalf: row.on_behalf,
        }
    }
}

/// What is written on a sheet. Its items are written one by one.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"appointment_on": "2026-11-26", "targeted_objectives": "Recenser les expériences en lien avec la certification.", "successes": "Trois postes décrits en détail.", "summary": "Le parcours est retracé ; il manque les justificatifs.", "next_appointment_on": "2026-12-10"}))]
pub(crate) struct ActionSheetInput {
    /// Date du rendez-vous: the day of the appointment, where it takes place.
    pub(super) appointment_on: NaiveDate,
    /// The appointment in the calendar. It has one sheet.
    #[serde(default)]
    pub(super) appointment_id: Option<Uuid>,
    /// Objectifs visés.
    #[serde(default)]
    #[schema(max_length = 10000)]
    targeted_objectives: Option<String>,
    /// Objectifs atteints.
    #[serde(default)]
    #[schema(max_length = 10000)]
    achieved_objectives: Option<String>,
    /// The objectives of the booklet (§04) that were aimed at.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) targeted_objective_ids: Vec<Uuid>,
    /// The objectives of the booklet (§04) that were reached.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub(super) achieved_objective_ids: Vec<Uuid>,
    /// Difficultés rencontrées.
    #[serde(default)]
    #[schema(max_length = 10000)]
    difficulties: Option<String>,
    /// Réussites.
    #[serde(default)]
    #[schema(max_length = 10000)]
    successes: Option<String>,
    /// Remarques.
    #[serde(default)]
    #[schema(max_length = 10000)]
    remarks: Option<String>,
    /// Bilan du RDV.
    #[serde(default)]
    #[schema(max_length = 10000)]
    summary: Option<String>,
    /// Date du prochain rendez-vous: after this one's.
    #[serde(default)]
    next_appointment_on: Option<NaiveDate>,
}

impl Validate for ActionSheetInput {
    /// The next appointment comes after this one: on the next day at the earliest.
    fn validate(&self) -> Result<(), ValidationErrors> {
        dates_in_order(
            self.appointment_on.succ_opt(),
            self.next_appointment_on,
            "next_appointment_on",
        )
    }
}

impl From<&action_sheet::Model> for ActionSheetInput {
    fn from(row: &action_sheet::Model) -> Self {
        let row = row.clone();
        Self {
            appointment_on: row.appointment_on,
            appointment_id: row.appointment_id,
            targeted_objectives: row.targeted_objectives,
            achieved_objectives: row.achieved_objectives,
            targeted_objective_ids: row.targeted_objective_ids.0,
            achieved_objective_ids: row.achieved_objective_ids.0,
            difficulties: row.difficulties,
            successes: row.successes,
            remarks: row.remarks,
            summary: row.summary,
            next_appointment_on: row.next_appointment_on,
        }
    }
}

impl From<ActionSheetInput> for action_sheet::ActiveModel {
    fn from(input: ActionSheetInput) -> Self {
        Self {
            appointment_on: Set(input.appointment_on),
            appointment_id: Set(input.appointment_id),
            targeted_objectives: Set(input.targeted_objectives),
            achieved_objectives: Set(input.achieved_objectives),
            targeted_objective_ids: Set(Ids(input.targeted_objective_ids)),
            achieved_objective_ids: Set(Ids(input.achieved_objective_ids)),
            difficulties: Set(input.difficulties),
            successes: Set(input.successes),
            remarks: Set(input.remarks),
            summary: Set(input.summary),
            next_appointment_on: Set(input.next_appointment_on),
            ..Default::default()
        }
    }
}

/// Which sheets.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActionSheetFilter {
    /// Only sheets in this state.
    pub(super) state: Option<SheetState>,
}
