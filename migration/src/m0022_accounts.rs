//! What is remembered of accounts: when an address was moved and confirmed, when somebody signed out,
//! who made a program. And the reports of imports, by organization.

use sea_orm_migration::prelude::*;

use crate::tables::index;

/// Instants of an account.
const INSTANTS: [&str; 3] = ["email_moved_at", "email_confirmed_at", "signed_out_at"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for name in INSTANTS {
            let instant = ColumnDef::new(name).timestamp_with_time_zone().take();
            let change = Table::alter().table("users").add_column(instant).to_owned();
            m.alter_table(change).await?;
        }
        let maker = ColumnDef::new("created_by").uuid().take();
        let change = Table::alter()
            .table("service_accounts")
            .add_column(maker)
            .to_owned();
        m.alter_table(change).await?;
        m.create_index(index("import_faults", &["organization_id", "import_id"]))
            .await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let reports = Index::drop()
            .name("idx-import_faults-organization_id-import_id")
            .table("import_faults")
            .to_owned();
        m.drop_index(reports).await?;
        let columns = [("service_accounts", "created_by")].into_iter();
        for (table, column) in columns.chain(INSTANTS.map(|name| ("users", name))) {
            let change = Table::alter().table(table).drop_column(column).to_owned();
            m.alter_table(change).await?;
        }
        Ok(())
    }
}
