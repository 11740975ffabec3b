//! One line per sign-in, refusal and read of a personal record, append-only. Names and ids, never contents.

use sea_orm::entity::prelude::*;
use serde::Serialize;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveEntityModel)]
#[sea_orm(table_name = "access_entries")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub sequence: i64,
    pub organization_id: Option<Uuid>,
    pub at: DateTimeUtc,
    pub actor_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub actor_role: Option<String>,
    pub session_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub operation: String,
    #[sea_orm(column_type = "Text")]
    pub outcome: String,
    pub status: i16,
    #[sea_orm(column_type = "Text", nullable)]
    pub code: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub resource: Option<String>,
    pub resource_id: Option<Uuid>,
    pub booklet_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub request_id: Option<String>,
    pub times: i32,
    pub private_to: Option<Uuid>,
    /// The link of its organization's chain that binds it.
    pub link: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
