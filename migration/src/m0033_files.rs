//! An import says in which encoding its text was read, and which columns were passed over.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let list = match m.get_database_backend() {
            sea_orm::DbBackend::Sqlite => "jsonb_text",
            _ => "jsonb",
        };
        let db = m.get_connection();
        db.execute_unprepared("ALTER TABLE imports ADD COLUMN encoding text")
            .await?;
        let passed =
            format!("ALTER TABLE imports ADD COLUMN passed_over {list} NOT NULL DEFAULT '[]'");
        db.execute_unprepared(&passed).await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let db = m.get_connection();
        for column in ["encoding", "passed_over"] {
            let drop = format!("ALTER TABLE imports DROP COLUMN {column}");
            db.execute_unprepared(&drop).await?;
        }
        Ok(())
    }
}
