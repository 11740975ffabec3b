//! The tables of: events.

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
                .table("events")
                .col(big_integer("sequence").auto_increment().primary_key())
                .col(uuid_null("organization_id"))
                .col(timestamp_with_time_zone("at"))
                .col(uuid_null("actor_id"))
                .col(text("actor_role"))
                .col(text("kind"))
                .col(text("resource"))
                .col(uuid("resource_id"))
                .col(uuid_null("booklet_id"))
                .col(integer("version"))
                .col(text_null("state"))
                .col(json_binary("changed"))
                .col(text("request_id"))
                .col(uuid_null("private_to"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("events", &["organization_id", "sequence"]))
            .await?;
        m.create_index(index("events", &["booklet_id", "sequence"]))
            .await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["events"]).await
    }
}
