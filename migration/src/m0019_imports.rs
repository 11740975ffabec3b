//! The tables of: imports, their rows while they wait, and what is wrong with them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{bare_table, cascade, drop_tables, index, tenant_table, value, value_null};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            tenant_table("imports")
                .col(value("resource"))
                .col(value("format"))
                .col(value("state"))
                .col(value_null("mode"))
                .col(uuid("author_id"))
                .col(value("author_role"))
                .col(json_binary("columns"))
                .col(integer("rows_total"))
                .col(integer("rows_checked"))
                .col(integer("rows_created"))
                .col(integer("rows_updated"))
                .col(integer("rows_unchanged"))
                .col(integer("rows_faulty"))
                .col(integer("faults_total"))
                .col(text_null("reason"))
                .col(integer("place"))
                .col(uuid_null("lease_id"))
                .col(timestamp_with_time_zone_null("lease_until"))
                .col(integer("attempts"))
                .col(timestamp_with_time_zone_null("finished_at"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("imports", &["organization_id", "created_at"]))
            .await?;
        m.create_index(index("imports", &["state"])).await?;
        // Rows and faults come while the file is still arriving: before their import is there.
        m.create_table(
            Table::create()
                .table("import_rows")
                .col(uuid("import_id"))
                .col(integer("place"))
                .col(uuid("organization_id"))
                .col(integer("line"))
                .col(text_null("system"))
                .col(text_null("external_id"))
                .col(text("content"))
                .col(boolean("is_faulty"))
                .primary_key(Index::create().col("import_id").col("place"))
                .foreign_key(&mut cascade(
                    "import_rows",
                    "organization_id",
                    "organizations",
                ))
                .to_owned(),
        )
        .await?;
        m.create_index(index("import_rows", &["import_id", "external_id"]))
            .await?;
        m.create_table(
            bare_table("import_faults")
                .col(uuid("organization_id"))
                .col(uuid("import_id"))
                .col(integer("line"))
                .col(integer_null("column_number"))
                .col(text_null("column_name"))
                .col(text("pointer"))
                .col(text("code"))
                .col(text("params"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(&mut cascade(
                    "import_faults",
                    "organization_id",
                    "organizations",
                ))
                .to_owned(),
        )
        .await?;
        m.create_index(index("import_faults", &["import_id", "line"]))
            .await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["import_faults", "import_rows", "imports"]).await
    }
}
