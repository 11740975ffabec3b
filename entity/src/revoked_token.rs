//! An access token of a service account that was revoked before it expired, until nobody would
//! accept it anyway.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revoked_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub jti: Uuid,
    pub organization_id: Uuid,
    #[sea_orm(indexed)]
    pub forgotten_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
