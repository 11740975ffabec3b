//! The orders of the long lists: newest, last changed, by day, by name, each with its index.

use sea_orm_migration::prelude::*;

use uuid::Uuid;

use crate::fold::sort_key;
use crate::tables::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The lists of an organization, and what puts each in order besides its id.
const LISTS: [(&str, &str); 12] = [
    ("booklets", "created_at"),
    ("booklets", "updated_at"),
    ("booklets", "opened_on"),
    ("candidates", "created_at"),
    ("candidates", "updated_at"),
    ("users", "created_at"),
    ("users", "updated_at"),
    ("candidates", "sort_key"),
    ("users", "sort_key"),
    ("appointments", "created_at"),
    ("appointments", "updated_at"),
    ("appointments", "starts_at"),
];

/// Who has a name, and the columns that it stands in.
const NAMED: [(&str, &[&str]); 3] = [
    ("candidates", &["family_name", "given_name"]),
    ("users", &["family_name", "given_name"]),
    ("useful_addresses", &["name"]),
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
        for (table, columns) in NAMED {
            name_in_order(m, table, columns).await?;
        }
        for (table, column) in LISTS {
            m.create_index(index(table, &["organization_id", column, "id"]))
                .await?;
        }
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
        for (table, column) in LISTS {
            m.drop_index(dropped(table, &["organization_id", column, "id"]))
                .await?;
        }
        for (table, _) in NAMED {
            let change = Table::alter()
                .table(table)
                .drop_column("sort_key")
                .to_owned();
            m.alter_table(change).await?;
        }
        Ok(())
    }
}

/// Adds the column that puts names in order, and fills it.
async fn name_in_order(
    m: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let column = ColumnDef::new("sort_key")
        .binary()
        .not_null()
        .default(Expr::val(Vec::<u8>::new()))
        .take();
    m.alter_table(Table::alter().table(table).add_column(column).to_owned())
        .await?;
    let mut named = Query::select();
    named
        .column("id")
        .columns(columns.iter().copied())
        .from(table);
    for row in m.get_connection().query_all(&named).await? {
        let id: Uuid = row.try_get("", "id")?;
        let parts: Result<Vec<String>, DbErr> =
            columns.iter().map(|name| row.try_get("", name)).collect();
        let update = Query::update()
            .table(table)
            .value("sort_key", sort_key(&parts?.join(" ")))
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        m.execute(update).await?;
    }
    Ok(())
}

fn dropped(table: &'static str, columns: &[&'static str]) -> IndexDropStatement {
    Index::drop()
        .name(format!("idx-{table}-{}", columns.join("-")))
        .table(table)
        .to_owned()
}
