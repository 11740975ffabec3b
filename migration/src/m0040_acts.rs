//! When something was done, beside when it was written here: a signature on paper has its own day, and what was
//! terminated, closed or withdrawn tells when that was recorded.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What ended before is told by its events.
const FORMER: [&str; 2] = [
    "UPDATE contracts SET terminated_at = (SELECT max(at) FROM events
        WHERE booklet_id = contracts.booklet_id AND resource_id = contracts.id
            AND kind = 'contract.terminated')
     WHERE terminated_on IS NOT NULL",
    "UPDATE booklets SET closed_at = (SELECT max(at) FROM events
        WHERE booklet_id = booklets.id AND kind IN ('booklet.closed', 'booklet.withdrawn'))
     WHERE closed_on IS NOT NULL",
];

/// Each table with its new column.
fn added() -> [(&'static str, ColumnDef); 3] {
    let instant = |name: &'static str| ColumnDef::new(name).timestamp_with_time_zone().take();
    [
        ("signatures", ColumnDef::new("signed_on").date().take()),
        ("contracts", instant("terminated_at")),
        ("booklets", instant("closed_at")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in added() {
            let change = Table::alter().table(table).add_column(column).to_owned();
            m.alter_table(change).await?;
        }
        for former in FORMER {
            m.get_connection().execute_unprepared(former).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in added() {
            let change = Table::alter()
                .table(table)
                .drop_column(column.get_column_name())
                .to_owned();
            m.alter_table(change).await?;
        }
        Ok(())
    }
}
