//! The chains of the audit trail bind batches: a link says from which row to which, and each row which
//! link. Older links bind a row each, and stay.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: [(&str, &str); 3] = [
    ("audit_links", "last_sequence"),
    ("access_entries", "link"),
    ("events", "link"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in COLUMNS {
            let column = ColumnDef::new(column).big_integer().null().take();
            let change = Table::alter().table(table).add_column(column).to_owned();
            m.alter_table(change).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in COLUMNS {
            let change = Table::alter().table(table).drop_column(column).to_owned();
            m.alter_table(change).await?;
        }
        Ok(())
    }
}
