//! A link sent by mail to somebody who has an account. A new one for the same purpose replaces the earlier.

use sea_orm::entity::prelude::*;

use crate::values::TokenPurpose;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub purpose: TokenPurpose,
    #[sea_orm(column_type = "Text")]
    #[sea_orm(unique)]
    pub token_hash: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
