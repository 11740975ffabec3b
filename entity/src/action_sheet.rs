//! « Fiche action N° … » (§08): one per appointment.

use sea_orm::entity::prelude::*;

use crate::values::{Ids, Party, SheetState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "action_sheets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    pub number: i32,
    pub appointment_on: Date,
    pub appointment_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub targeted_objectives: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub achieved_objectives: Option<String>,
    pub targeted_objective_ids: Ids,
    pub achieved_objective_ids: Ids,
    #[sea_orm(column_type = "Text", nullable)]
    pub difficulties: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub successes: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub remarks: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub summary: Option<String>,
    pub next_appointment_on: Option<Date>,
    pub state: SheetState,
    pub submitted_by: Option<Party>,
    pub validated_by_candidate_at: Option<DateTimeUtc>,
    pub validated_by_tutor_at: Option<DateTimeUtc>,
    pub on_behalf: bool,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub locked_items: Option<Json>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("action_sheet", page, state);
