//! The tables of: the access log, and the chains that bind it and the events.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{drop_tables, index, unique};

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
                .table("access_entries")
                .col(big_integer("sequence").auto_increment().primary_key())
                .col(uuid_null("organization_id"))
                .col(timestamp_with_time_zone("at"))
                .col(uuid_null("actor_id"))
                .col(text_null("actor_role"))
                .col(uuid_null("session_id"))
                .col(text("kind"))
                .col(text("operation"))
                .col(text("outcome"))
                .col(small_integer("status"))
                .col(text_null("code"))
                .col(text_null("resource"))
                .col(uuid_null("resource_id"))
                .col(uuid_null("booklet_id"))
                .col(text_null("address"))
                .col(text_null("request_id"))
                .col(integer("times"))
                .col(uuid_null("private_to"))
                .to_owned(),
        )
        .await?;
        for column in ["organization_id", "booklet_id", "actor_id"] {
            m.create_index(index("access_entries", &[column, "sequence"]))
                .await?;
        }
        m.create_table(
            Table::create()
                .table("audit_links")
                .col(uuid("chain_id"))
                .col(big_integer("position"))
                .col(text("source"))
                .col(big_integer("row_sequence"))
                .col(text("key_id"))
                .col(text("hash"))
                .primary_key(Index::create().col("chain_id").col("position"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("audit_links", &["source", "row_sequence"]))
            .await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["audit_links", "access_entries"]).await
    }
}
