//! « Mes objectifs » (§04).

use sea_orm::entity::prelude::*;

use crate::values::{ObjectiveKind, ObjectiveState};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "objectives")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    pub kind: ObjectiveKind,
    #[sea_orm(column_type = "Text")]
    pub statement: String,
    pub due_on: Option<Date>,
    pub state: ObjectiveState,
    pub achieved_on: Option<Date>,
    pub position: i32,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("objective", page, state);
