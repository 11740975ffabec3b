//! Where the id of a candidate leads who was merged into another one.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "merged_candidates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub former_id: Uuid,
    pub organization_id: Uuid,
    pub candidate_id: Uuid,
    pub merged_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
