//! The table of: break_glass.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{drop_tables, index, page_table};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            page_table("break_glass")
                .col(uuid("admin_id"))
                .col(text("admin_name"))
                .col(text("reason"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("ended_at"))
                .col(uuid_null("ended_by"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("break_glass", &["booklet_id", "id"]))
            .await?;
        // Each request of an admin for content looks for what is open now.
        m.create_index(index("break_glass", &["admin_id", "expires_at"]))
            .await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["break_glass"]).await
    }
}
