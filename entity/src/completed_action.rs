//! « Bilan des actions » (§09).

use sea_orm::entity::prelude::*;

use crate::values::CompletedSource;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "completed_actions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    pub done_on: Date,
    #[sea_orm(column_type = "Text")]
    pub description: String,
    pub source: CompletedSource,
    #[sea_orm(unique)]
    pub sheet_item_id: Option<Uuid>,
    pub author_id: Uuid,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("completed_action", page);
