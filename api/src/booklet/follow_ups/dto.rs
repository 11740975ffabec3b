//! What travels about follow-ups.

use chrono::NaiveDate;
use entity::follow_up;
use entity::values::{ContactMode, Direction};
use sea_orm::Set;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use crate::booklet::booklets::dto::Booklet;
use crate::kit::{Included, Meta};
use crate::people::names::{Signed, Someone};

/// A contact between two appointments (§10: Date / Modalité de contact / Commentaire).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FollowUp {
    #[serde(flatten)]
    meta: Meta,
    /// The booklet it belongs to.
    booklet_id: Uuid,
    /// Date.
    contacted_on: NaiveDate,
    /// Modalité de contact.
    contact_mode: ContactMode,
    /// Who took the contact.
    direction: Direction,
    /// Commentaire.
    comment: String,
    /// How long it took, in minutes.
    duration_minutes: Option<i32>,
    /// Who wrote it: a user, or a service account.
    author_id: Uuid,
    /// Who that is; absent when they are gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Someone)]
    author: Option<Someone>,
    /// The booklet; with `include=booklet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Option<Booklet>, no_recursion)]
    pub(super) booklet: Included<Booklet>,
}

impl From<follow_up::Model> for FollowUp {
    fn from(row: follow_up::Model) -> Self {
        Self {
            meta: (&row).into(),
            booklet: None,
            booklet_id: row.booklet_id,
            contacted_on: row.contacted_on,
            contact_mode: row.contact_mode,
            direction: row.direction,
            comment: row.comment,
            duration_minutes: row.duration_minutes,
            author_id: row.author_id,
            author: None,
        }
    }
}

impl Signed for FollowUp {
    fn by(&self) -> Option<Uuid> {
        Some(self.author_id)
    }

    fn sign(&mut self, who: Someone) {
        self.author = Some(who);
    }
}

/// What is written about a contact.
#[derive(Debug, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contacted_on": "2026-11-20", "contact_mode": "phone", "direction": "out", "comment": "Rappel du rendez-vous de jeudi ; Samira apportera ses bulletins de salaire."}))]
pub(crate) struct FollowUpInput {
    /// Date.
    pub(super) contacted_on: NaiveDate,
    /// Modalité de contact.
    contact_mode: ContactMode,
    /// Who took the contact. Default: `none`.
    #[serde(default = "not_told")]
    direction: Direction,
    /// Commentaire.
    #[schema(min_length = 1, max_length = 10000)]
    comment: String,
    /// How long it took, in minutes.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1440)]
    duration_minutes: Option<i32>,
}

fn not_told() -> Direction {
    Direction::None
}

impl From<&follow_up::Model> for FollowUpInput {
    fn from(row: &follow_up::Model) -> Self {
        Self {
            contacted_on: row.contacted_on,
            contact_mode: row.contact_mode,
            direction: row.direction,
            comment: row.comment.clone(),
            duration_minutes: row.duration_minutes,
        }
    }
}

impl From<FollowUpInput> for follow_up::ActiveModel {
    fn from(input: FollowUpInput) -> Self {
        Self {
            contacted_on: Set(input.contacted_on),
            contact_mode: Set(input.contact_mode),
            direction: Set(input.direction),
            comment: Set(input.comment),
            duration_minutes: Set(input.duration_minutes),
            ..Default::default()
        }
    }
}

/// Which follow-ups.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct FollowUpFilter {
    /// Only contacts of this kind.
    pub(super) contact_mode: Option<ContactMode>,
    /// Only contacts on this day or later.
    pub(super) contacted_from: Option<NaiveDate>,
    /// Only contacts on this day or earlier.
    pub(super) contacted_to: Option<NaiveDate>,
}
