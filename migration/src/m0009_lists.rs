//! Indexes for the orders of the long lists: newest, last changed, by day.

use sea_orm_migration::prelude::*;

use crate::tables::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The lists of an organization, and what puts each in order besides its id.
const LISTS: [(&str, &str); 9] = [
    ("booklets", "created_at"),
    ("booklets", "updated_at"),
    ("booklets", "opened_on"),
    ("candidates", "created_at"),
    ("candidates", "updated_at"),
    ("users", "created_at"),
    ("users", "updated_at"),
    ("appointments", "created_at"),
    ("appointments", "updated_at"),
];

/// What these take the place of.
const FORMER: [(&str, &[&str]); 4] = [
    ("booklets", &["organization_id", "id"]),
    ("candidates", &["organization_id", "id"]),
    ("users", &["organization_id", "id"]),
    ("appointments", &["organization_id", "starts_at"]),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in LISTS {
            m.create_index(index(table, &["organization_id", column, "id"]))
                .await?;
        }
        m.create_index(index(
            "appointments",
            &["organization_id", "starts_at", "id"],
        ))
        .await?;
        m.create_index(index("events", &["at"])).await?;
        for (table, columns) in FORMER {
            m.drop_index(dropped(table, columns)).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns) in FORMER {
            m.create_index(index(table, columns)).await?;
        }
        m.drop_index(dropped("events", &["at"])).await?;
        let by_start = ["organization_id", "starts_at", "id"];
        m.drop_index(dropped("appointments", &by_start)).await?;
        for (table, column) in LISTS {
            m.drop_index(dropped(table, &["organization_id", column, "id"]))
                .await?;
        }
        Ok(())
    }
}

fn dropped(table: &'static str, columns: &[&'static str]) -> IndexDropStatement {
    Index::drop()
        .name(format!("idx-{table}-{}", columns.join("-")))
        .table(table)
        .to_owned()
}
