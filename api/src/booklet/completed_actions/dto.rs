//! What travels about completed actions.

use chrono::NaiveDate;
use entity::completed_action;
use entity::values::CompletedSource;
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::kit::Meta;

/// An action that was done (§09: Date / Actions réalisées): `source` says which of the two it is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(discriminator(
    property_name = "source",
    mapping(
        ("manual" = "#/components/schemas/ManualAction"),
        ("sheet" = "#/components/schemas/SheetAction")
    )
))]
pub(crate) enum CompletedAction {
    Manual(ManualAction),
    Sheet(SheetAction),
}

/// An action written by hand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManualAction {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    #[schema(inline)]
    source: ByHand,
    /// Date.
    done_on: NaiveDate,
    /// Actions réalisées.
    #[schema(max_length = 2000)]
    description: String,
    /// Who wrote it.
    author_id: Uuid,
}

/// An action derived when an action sheet was locked: it stays as it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SheetAction {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    #[schema(inline)]
    source: FromSheet,
    /// Date.
    done_on: NaiveDate,
    /// Actions réalisées.
    #[schema(max_length = 2000)]
    description: String,
    /// Who locked the sheet it comes from.
    author_id: Uuid,
    /// The item of the action sheet it was derived from.
    sheet_item_id: Option<Uuid>,
}

/// Written by hand.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ByHand {
    Manual,
}

/// Derived from an action sheet.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FromSheet {
    Sheet,
}

impl From<completed_action::Model> for CompletedAction {
    fn from(row: completed_action::Model) -> Self {
        let meta = (&row).into();
        match row.source {
            CompletedSource::Manual => Self::Manual(ManualAction {
                meta,
                booklet_id: row.booklet_id,
                source: ByHand::Manual,
                done_on: row.done_on,
                description: row.description,
                author_id: row.author_id,
            }),
            CompletedSource::Sheet => Self::Sheet(SheetAction {
                meta,
                booklet_id: row.booklet_id,
                source: FromSheet::Sheet,
                done_on: row.done_on,
                description: row.description,
                author_id: row.author_id,
                sheet_item_id: row.sheet_item_id,
            }),
        }
    }
}

/// What is written about something done.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"done_on": "2026-11-18", "description": "Visite du point relais conseil et retrait du dossier de recevabilité."}))]
pub(crate) struct CompletedActionInput {
    /// Date.
    done_on: NaiveDate,
    /// Actions réalisées.
    #[schema(min_length = 1, max_length = 2000)]
    description: String,
}

impl From<&completed_action::Model> for CompletedActionInput {
    fn from(row: &completed_action::Model) -> Self {
        Self {
            done_on: row.done_on,
            description: row.description.clone(),
        }
    }
}

impl From<CompletedActionInput> for completed_action::ActiveModel {
    fn from(input: CompletedActionInput) -> Self {
        Self {
            done_on: Set(input.done_on),
            description: Set(input.description),
            ..Default::default()
        }
    }
}

/// Which completed actions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CompletedActionFilter {
    /// Only those written by hand, or only those derived from sheets.
    #[param(inline)]
    pub(super) source: Option<CompletedSource>,
    /// Only what was done on this day or later.
    pub(super) done_from: Option<NaiveDate>,
    /// Only what was done on this day or earlier.
    pub(super) done_to: Option<NaiveDate>,
}
