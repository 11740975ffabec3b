//! What is new to somebody: until when they have seen it, when they signed in before, and an index that finds the
//! newest changes of an organization.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::timestamp_with_time_zone_null;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: [&str; 2] = ["previous_login_at", "news_seen_at"];

const CREATE: &str = "CREATE INDEX \"idx-events-news\" ON events (organization_id, at) \
    WHERE booklet_id IS NOT NULL AND private_to IS NULL";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            let column = timestamp_with_time_zone_null(column);
            let change = Table::alter().table("users").add_column(column).to_owned();
            m.alter_table(change).await?;
        }
        m.get_connection().execute_unprepared(CREATE).await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.get_connection()
            .execute_unprepared("DROP INDEX \"idx-events-news\"")
            .await?;
        for column in COLUMNS {
            let change = Table::alter().table("users").drop_column(column).to_owned();
            m.alter_table(change).await?;
        }
        Ok(())
    }
}
