//! How far a booklet has come on one stage (§06).

use sea_orm::entity::prelude::*;

use crate::values::StageState;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "stage_progress")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub code: String,
    pub state: StageState,
    pub started_on: Option<Date>,
    pub completed_on: Option<Date>,
    #[sea_orm(column_type = "Text", nullable)]
    pub comment: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("stage_progress", page, state);
