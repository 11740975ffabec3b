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
use crate::people::names::{Signed, Someone};

/// An action that was done (§09: Date / Actions réalisées). One derived when an action sheet was locked
/// stays as it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CompletedAction {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// Written by hand, or derived from an action sheet.
    source: CompletedSource,
    /// Date.
    done_on: NaiveDate,
    /// Actions réalisées.
    #[schema(max_length = 2000)]
    description: String,
    /// Who wrote it, or locked the sheet that it comes from.
    author_id: Uuid,
    /// Who that is; absent when they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Someone)]
    author: Option<Someone>,
    /// The item of the action sheet that it was derived from; null when written by hand.
    sheet_item_id: Option<Uuid>,
}

impl From<completed_action::Model> for CompletedAction {
    fn from(row: completed_action::Model) -> Self {
        Self {
            meta: (&row).into(),
            booklet_id: row.booklet_id,
            source: row.source,
            done_on: row.done_on,
            description: row.description,
            author_id: row.author_id,
            author: None,
            sheet_item_id: row.sheet_item_id,
        }
    }
}

impl Signed for CompletedAction {
    fn by(&self) -> Option<Uuid> {
        Some(self.author_id)
    }

    fn sign(&mut self, who: Someone) {
        self.author = Some(who);
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
