//! Keys of service accounts, found by their hash.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{cascade, drop_tables, index, tenant_table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            tenant_table("api_keys")
                .col(uuid("service_account_id"))
                .foreign_key(&mut cascade(
                    "api_keys",
                    "service_account_id",
                    "service_accounts",
                ))
                .col(text("name"))
                .col(text("beginning"))
                .col(text("key_hash"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("last_used_at"))
                .col(uuid_null("created_by"))
                .to_owned(),
        )
        .await?;
        for made in [
            unique("api_keys", &["key_hash"]),
            index("api_keys", &["service_account_id", "id"]),
            index("api_keys", &["organization_id", "id"]),
        ] {
            m.create_index(made).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["api_keys"]).await
    }
}
