//! Which content an event tells of: the hash of the contract that was proposed or signed.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let hash = ColumnDef::new("content_sha256").text().take();
        let change = Table::alter().table("events").add_column(hash).to_owned();
        m.alter_table(change).await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let change = Table::alter()
            .table("events")
            .drop_column("content_sha256")
            .to_owned();
        m.alter_table(change).await
    }
}
