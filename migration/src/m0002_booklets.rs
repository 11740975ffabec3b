//! The tables of: booklets, booklet_members.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{
    cascade, drop_tables, index, page_table, restrict, tenant_table, value, value_null,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            tenant_table("booklets")
                .col(uuid("candidate_id"))
                .col(uuid("tutor_id"))
                .col(uuid_null("prescriber_id"))
                .col(uuid_null("validator_id"))
                .col(text("purpose"))
                .col(json_binary_null("certification"))
                .col(value("state"))
                .col(date_null("in_force_until"))
                .col(text_null("suspension_reason"))
                .col(text_null("reopening_reason"))
                .col(date("opened_on"))
                .col(date_null("target_closing_on"))
                .col(date_null("closed_on"))
                .col(text_null("closure_reason"))
                .col(value_null("outcome"))
                .col(timestamp_with_time_zone_null("archived_at"))
                .foreign_key(&mut cascade("booklets", "candidate_id", "candidates"))
                .foreign_key(&mut restrict("booklets", "tutor_id", "users"))
                .foreign_key(&mut restrict("booklets", "prescriber_id", "users"))
                .foreign_key(&mut restrict("booklets", "validator_id", "users"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("booklets", &["organization_id", "id"]))
            .await?;
        m.create_index(index("booklets", &["candidate_id"])).await?;
        m.create_index(index("booklets", &["tutor_id"])).await?;
        m.create_index(index("booklets", &["prescriber_id"]))
            .await?;
        m.create_index(index("booklets", &["validator_id"])).await?;
        m.create_table(
            page_table("booklet_members")
                .col(uuid("user_id"))
                .col(value("kind"))
                .col(date("starts_on"))
                .col(date_null("ends_on"))
                .foreign_key(&mut restrict("booklet_members", "user_id", "users"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("booklet_members", &["booklet_id", "id"]))
            .await?;
        m.create_index(index("booklet_members", &["user_id", "booklet_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(m, &["booklet_members", "booklets"]).await
    }
}
