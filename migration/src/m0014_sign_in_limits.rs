//! The table of: failed sign-ins, counted until they are forgiven.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{drop_tables, index};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("sign_in_limits")
                .col(text("key").primary_key())
                .col(integer("failures"))
                .col(timestamp_with_time_zone("last_at"))
                .col(timestamp_with_time_zone_null("trusted_until"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("sign_in_limits", &["last_at"]))
            .await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["sign_in_limits"]).await
    }
}
