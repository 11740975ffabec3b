//! Candidat: the person who seeks a certification from experience. Many never sign in.

use sea_orm::entity::prelude::*;

use crate::values::PreferredChannel;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "candidates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organization_id: Uuid,
    #[sea_orm(unique)]
    pub user_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub given_name: String,
    #[sea_orm(column_type = "Text")]
    pub family_name: String,
    pub birth_date: Option<Date>,
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub phone: Option<String>,
    pub preferred_channel: PreferredChannel,
    #[sea_orm(column_type = "Text", nullable)]
    pub accessibility_needs: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub search: String,
    pub sort_key: Vec<u8>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

crate::row!("candidate", tenant);
