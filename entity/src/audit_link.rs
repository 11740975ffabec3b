//! A link of a hash chain: it binds a batch of committed rows of the audit trail to all the rows before it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_links")]
pub struct Model {
    /// The organization, or the nil UUID for the platform's own chain.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chain_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// The number of its first row; of its only one, where the last one is not given.
    pub row_sequence: i64,
    /// The number of its last row. Which ones between are its own, the rows say.
    pub last_sequence: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub key_id: String,
    #[sea_orm(column_type = "Text")]
    pub hash: String,
}

impl ActiveModelBehavior for ActiveModel {}
