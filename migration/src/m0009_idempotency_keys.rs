//! The table of: idempotency keys.

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
                .table("idempotency_keys")
                .col(uuid("principal_id"))
                .col(text("path"))
                .col(text("key"))
                .col(text("request_sha256"))
                .col(uuid_null("booklet_id"))
                .col(small_integer("status"))
                .col(text_null("etag"))
                .col(text_null("location"))
                .col(text("body"))
                .col(timestamp_with_time_zone("created_at"))
                .primary_key(Index::create().col("principal_id").col("path").col("key"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("idempotency_keys", &["created_at"]))
            .await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["idempotency_keys"]).await
    }
}
