//! The pages of a booklet that become many are found in the order in which their lists show them: a list
//! reads what it shows, and does not sort the rest.

use sea_orm_migration::prelude::*;

use crate::tables::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 5] = [
    "appointments",
    "completed_actions",
    "follow_ups",
    "notes",
    "sheet_items",
];
const BY_ID: [&str; 2] = ["booklet_id", "id"];
const IN_ORDER: [&str; 3] = ["booklet_id", "created_at", "id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        replace(m, &BY_ID, &IN_ORDER).await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        replace(m, &IN_ORDER, &BY_ID).await
    }
}

async fn replace(
    m: &SchemaManager<'_>,
    old: &'static [&str],
    new: &'static [&str],
) -> Result<(), DbErr> {
    for table in TABLES {
        let old = format!("idx-{table}-{}", old.join("-"));
        let old = Index::drop().name(old).table(table).to_owned();
        m.create_index(index(table, new)).await?;
        m.drop_index(old).await?;
    }
    Ok(())
}
