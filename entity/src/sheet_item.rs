//! Something to produce, a contact to make or a task (§08), from the sheet that raises it to the one that settles it.

use sea_orm::entity::prelude::*;

use crate::values::{ItemKind, ItemState, Party};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sheet_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    pub kind: ItemKind,
    #[sea_orm(column_type = "Text")]
    pub label: String,
    pub owner: Party,
    pub due_on: Option<Date>,
    pub state: ItemState,
    pub raised_in: Option<Uuid>,
    pub raised_number: Option<i32>,
    pub settled_in: Option<Uuid>,
    pub settled_on: Option<Date>,
    #[sea_orm(column_type = "Text", nullable)]
    pub dropped_reason: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub variance_reason: Option<String>,
    pub useful_address_id: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("sheet_item", page, state);
