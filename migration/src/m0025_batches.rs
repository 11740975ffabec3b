//! The chains of the audit trail bind batches: a link says from which row to which, and each row which
//! link. Older links bind a row each, and stay.

use sea_orm_migration::prelude::*;

use crate::tables::{index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What a link of one row names.
const ROW: [&str; 2] = ["source", "row_sequence"];

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
        drop_index(m).await?;
        // An event that has a link of its own is bound once more when it gets its place in the feed.
        let own = unique("audit_links", &ROW)
            .and_where(Expr::col("last_sequence").is_null())
            .to_owned();
        m.create_index(own).await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_index(m).await?;
        m.create_index(index("audit_links", &ROW)).await?;
        for (table, column) in COLUMNS {
            let change = Table::alter().table(table).drop_column(column).to_owned();
            m.alter_table(change).await?;
        }
        Ok(())
    }
}

async fn drop_index(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let name = format!("idx-audit_links-{}", ROW.join("-"));
    let gone = Index::drop().name(name).table("audit_links").to_owned();
    m.drop_index(gone).await
}
