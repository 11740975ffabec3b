//! « Suivi » (§10): a contact between two appointments.

use sea_orm::entity::prelude::*;

use crate::values::{ContactMode, Direction};

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follow_ups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    pub contacted_on: Date,
    pub contact_mode: ContactMode,
    pub direction: Direction,
    #[sea_orm(column_type = "Text")]
    pub comment: String,
    pub duration_minutes: Option<i32>,
    pub author_id: Uuid,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("follow_up", page);
