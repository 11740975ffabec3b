//! The tables of: objectives, plan_templates, plans, plan_steps, vae_stages, stage_progress.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{
    drop_tables, index, page_table, shared_table, table, unique, value, value_null,
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
            page_table("objectives")
                .col(value("kind"))
                .col(text("statement"))
                .col(date_null("due_on"))
                .col(value("state"))
                .col(date_null("achieved_on"))
                .col(integer("position"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("objectives", &["booklet_id", "position"]))
            .await?;
        m.create_table(
            shared_table("plan_templates")
                .col(text("name"))
                .col(json_binary("rows"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("plan_templates", &["organization_id", "id"]))
            .await?;
        m.create_table(
            page_table("plans")
                .col(value("state"))
                .col(value_null("proposed_by"))
                .col(timestamp_with_time_zone_null("agreed_by_candidate_at"))
                .col(timestamp_with_time_zone_null("agreed_by_tutor_at"))
                .col(boolean("on_behalf"))
                .col(uuid_null("source_template_id"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("plans", &["booklet_id"])).await?;
        m.create_table(
            page_table("plan_steps")
                .col(integer("position"))
                .col(text("objective"))
                .col(text("label"))
                .col(value("activity"))
                .col(value("grouping"))
                .col(integer_null("duration_minutes"))
                .col(date_null("planned_from"))
                .col(date_null("planned_to"))
                .col(date_null("done_on"))
                .col(value("state"))
                .col(text_null("variance_reason"))
                .col(text_null("vae_stage"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("plan_steps", &["booklet_id", "position"]))
            .await?;
        m.create_table(
            table("vae_stages")
                .col(text("code"))
                .col(integer("position"))
                .col(text("label"))
                .col(text("description"))
                .col(json_binary("outputs"))
                .col(json_binary("sources"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("vae_stages", &["code"])).await?;
        m.create_table(
            page_table("stage_progress")
                .col(text("code"))
                .col(value("state"))
                .col(date_null("started_on"))
                .col(date_null("completed_on"))
                .col(text_null("comment"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("stage_progress", &["booklet_id", "code"]))
            .await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            m,
            &[
                "stage_progress",
                "vae_stages",
                "plan_steps",
                "plans",
                "plan_templates",
                "objectives",
            ],
        )
        .await
    }
}
