//! The table of: identity_providers.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{drop_tables, index, tenant_table, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            tenant_table("identity_providers")
                .col(text("name"))
                .col(text("issuer"))
                .col(text("audience"))
                .col(text("email_claim"))
                .col(boolean("require_verified_email"))
                .col(boolean("enabled"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique(
            "identity_providers",
            &["organization_id", "issuer", "audience"],
        ))
        .await?;
        // Each request with a provider's token looks for those who trust it.
        m.create_index(index("identity_providers", &["issuer"]))
            .await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["identity_providers"]).await
    }
}
