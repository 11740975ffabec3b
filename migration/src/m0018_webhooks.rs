//! The tables of webhooks: endpoints, and what is to be delivered to them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{cascade, drop_tables, index, tenant_table, unique, value, value_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            tenant_table("webhooks")
                .col(text("url"))
                .col(text_null("description"))
                .col(json_binary("topics"))
                .col(value("state"))
                .col(value_null("disabled_reason"))
                .col(timestamp_with_time_zone_null("disabled_at"))
                .col(text("secret_salt"))
                .col(text_null("former_secret_salt"))
                .col(timestamp_with_time_zone_null("former_secret_expires_at"))
                .col(big_integer("position"))
                .col(timestamp_with_time_zone_null("failing_since"))
                .col(timestamp_with_time_zone_null("held_until"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("webhooks", &["organization_id"]))
            .await?;
        m.create_table(
            tenant_table("webhook_deliveries")
                .col(uuid("webhook_id"))
                .foreign_key(&mut cascade("webhook_deliveries", "webhook_id", "webhooks"))
                .col(big_integer_null("position"))
                .col(timestamp_with_time_zone("occurred_at"))
                .col(text("kind"))
                .col(uuid_null("booklet_id"))
                .col(text("body"))
                .col(value("state"))
                .col(integer("attempts"))
                .col(timestamp_with_time_zone("next_attempt_at"))
                .col(timestamp_with_time_zone("give_up_at"))
                .col(integer_null("last_status"))
                .col(value_null("last_error"))
                .col(integer_null("last_duration_ms"))
                .col(timestamp_with_time_zone_null("last_attempt_at"))
                .col(timestamp_with_time_zone_null("delivered_at"))
                .to_owned(),
        )
        .await?;
        for made in [
            // However often changes are fanned out, each is delivered once.
            unique("webhook_deliveries", &["webhook_id", "position"]),
            // What is due; how much waits.
            index(
                "webhook_deliveries",
                &["webhook_id", "state", "next_attempt_at"],
            ),
            // The log, newest first.
            index("webhook_deliveries", &["webhook_id", "created_at", "id"]),
            // What is forgotten.
            index("webhook_deliveries", &["updated_at"]),
        ] {
            m.create_index(made).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["webhook_deliveries", "webhooks"]).await
    }
}
