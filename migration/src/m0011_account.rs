//! Where sessions were opened, the links sent by mail, and the mails to send.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{bare_table, cascade, drop_tables, index, unique, value};

const SIGHTINGS: [&str; 2] = ["user_agent", "network"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column at a time.
        for column in SIGHTINGS {
            let mut sessions = Table::alter();
            sessions.table("sessions").add_column(text_null(column));
            m.alter_table(sessions).await?;
        }
        m.create_table(
            bare_table("account_tokens")
                .col(uuid("user_id"))
                .col(value("purpose"))
                .col(text("token_hash"))
                .col(text_null("email"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .foreign_key(&mut cascade("account_tokens", "user_id", "users"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("account_tokens", &["token_hash"]))
            .await?;
        m.create_index(unique("account_tokens", &["user_id", "purpose"]))
            .await?;
        m.create_table(
            bare_table("mails")
                .col(uuid_null("organization_id"))
                .col(uuid_null("user_id"))
                .col(value("kind"))
                .col(value("state"))
                .col(text("recipient"))
                .col(text_null("subject"))
                .col(text_null("body"))
                .col(integer("attempts"))
                .col(timestamp_with_time_zone("next_attempt_at"))
                .col(timestamp_with_time_zone("give_up_at"))
                .col(text_null("reason"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("sent_at"))
                .foreign_key(&mut cascade("mails", "organization_id", "organizations"))
                .foreign_key(&mut cascade("mails", "user_id", "users"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("mails", &["state", "next_attempt_at"]))
            .await?;
        m.create_index(index("mails", &["user_id", "id"])).await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["mails", "account_tokens"]).await?;
        for column in SIGHTINGS {
            let mut sessions = Table::alter();
            sessions.table("sessions").drop_column(column);
            m.alter_table(sessions).await?;
        }
        Ok(())
    }
}
