//! When an organization's imports were last worked on: its last turn.

use sea_orm_migration::prelude::*;

use crate::tables::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let turn = ColumnDef::new("turn")
            .big_integer()
            .not_null()
            .default(0)
            .take();
        let change = Table::alter().table("imports").add_column(turn).to_owned();
        m.alter_table(change).await?;
        m.create_index(index("imports", &["turn"])).await?;
        m.create_index(index("imports", &["organization_id", "turn"]))
            .await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for name in ["idx-imports-organization_id-turn", "idx-imports-turn"] {
            m.drop_index(Index::drop().name(name).table("imports").to_owned())
                .await?;
        }
        let change = Table::alter()
            .table("imports")
            .drop_column("turn")
            .to_owned();
        m.alter_table(change).await
    }
}
