//! The table of revoked tokens, and of each service account the secret before the present one.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{cascade, drop_tables, index};

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
                .table("revoked_tokens")
                .col(uuid("jti").primary_key())
                .col(uuid("organization_id"))
                .col(timestamp_with_time_zone("forgotten_at"))
                .foreign_key(&mut cascade(
                    "revoked_tokens",
                    "organization_id",
                    "organizations",
                ))
                .to_owned(),
        )
        .await?;
        m.create_index(index("revoked_tokens", &["forgotten_at"]))
            .await?;
        m.create_index(index("revoked_tokens", &["organization_id"]))
            .await?;
        for column in [
            text_null("former_secret_hash"),
            timestamp_with_time_zone_null("former_secret_expires_at"),
        ] {
            let change = Table::alter()
                .table("service_accounts")
                .add_column(column)
                .to_owned();
            m.alter_table(change).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for column in ["former_secret_expires_at", "former_secret_hash"] {
            let change = Table::alter()
                .table("service_accounts")
                .drop_column(column)
                .to_owned();
            m.alter_table(change).await?;
        }
        drop_tables(m, &["revoked_tokens"]).await
    }
}
