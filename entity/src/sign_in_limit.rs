//! Failed sign-ins that are not forgiven yet, of an account, of an address, of both, of everybody.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_limits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    pub failures: i32,
    #[sea_orm(indexed)]
    pub last_at: DateTimeUtc,
    pub trusted_until: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
