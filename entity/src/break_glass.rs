//! Break-glass: a booklet opened to a platform admin, for a while and for a written reason.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "break_glass")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    pub booklet_id: Uuid,
    pub admin_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub admin_name: String,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub expires_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
    pub ended_by: Option<Uuid>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("break_glass", page);
