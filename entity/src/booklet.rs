//! Livret: the booklet itself; nearly every other row is one of its pages.

use sea_orm::entity::prelude::*;

use crate::values::{BookletState, Certification, Outcome};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "booklets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub candidate_id: Uuid,
    pub tutor_id: Uuid,
    pub prescriber_id: Option<Uuid>,
    pub validator_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub purpose: String,
    pub certification: Option<Certification>,
    pub state: BookletState,
    pub in_force_until: Option<Date>,
    #[sea_orm(column_type = "Text", nullable)]
    pub suspension_reason: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reopening_reason: Option<String>,
    pub opened_on: Date,
    pub target_closing_on: Option<Date>,
    pub closed_on: Option<Date>,
    pub closed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub closure_reason: Option<String>,
    pub outcome: Option<Outcome>,
    /// The day of the last contact, or the opening day where there was none since.
    pub quiet_since: Date,
    /// What puts its candidate's name in order. This and what follows up to the last activity is kept by the
    /// database (`m0036_board`), but for `search`.
    pub candidate_key: Vec<u8>,
    /// The day by which the first of its open items and steps should be done.
    pub next_due_on: Option<Date>,
    /// When the first of its appointments begins that are planned, even if that is over.
    pub next_appointment_at: Option<DateTimeUtc>,
    /// The stage of the VAE that is in progress, the first of several.
    #[sea_orm(column_type = "Text", nullable)]
    pub stage: Option<String>,
    /// When something in it last changed, private notes apart: the first change of that minute (`m0045_activity`).
    pub last_activity_at: DateTimeUtc,
    /// Its certification, folded.
    #[sea_orm(column_type = "Text")]
    pub search: String,
    pub archived_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("booklet", itself, state);
