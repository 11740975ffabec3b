//! An invitation to activate an account. A new one for the same person replaces the earlier.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(unique)]
    pub user_id: Uuid,
    #[sea_orm(column_type = "Text")]
    #[sea_orm(unique)]
    pub token_hash: String,
    /// Of the token that is sent by mail, which proves the address; the other one is handed over.
    #[sea_orm(column_type = "Text", nullable)]
    #[sea_orm(unique)]
    pub mail_token_hash: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
