//! The tables of: appointments, action_sheets, sheet_items, sheet_answers, completed_actions.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{
    bare_table, cascade, drop_tables, index, page_table, unique, value, value_null,
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
            page_table("appointments")
                .col(timestamp_with_time_zone("starts_at"))
                .col(timestamp_with_time_zone("ends_at"))
                .col(text("timezone"))
                .col(value("kind"))
                .col(value("mode"))
                .col(text_null("place"))
                .col(value("state"))
                .col(uuid_null("plan_step_id"))
                .col(integer("sequence"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("appointments", &["booklet_id", "id"]))
            .await?;
        m.create_index(index("appointments", &["organization_id", "starts_at"]))
            .await?;
        m.create_table(
            page_table("action_sheets")
                .col(integer("number"))
                .col(date("appointment_on"))
                .col(uuid_null("appointment_id"))
                .col(text_null("targeted_objectives"))
                .col(text_null("achieved_objectives"))
                .col(json_binary("targeted_objective_ids"))
                .col(json_binary("achieved_objective_ids"))
                .col(text_null("difficulties"))
                .col(text_null("successes"))
                .col(text_null("remarks"))
                .col(text_null("summary"))
                .col(date_null("next_appointment_on"))
                .col(value("state"))
                .col(value_null("submitted_by"))
                .col(timestamp_with_time_zone_null("validated_by_candidate_at"))
                .col(timestamp_with_time_zone_null("validated_by_tutor_at"))
                .col(boolean("on_behalf"))
                .col(json_binary_null("locked_items"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("action_sheets", &["booklet_id", "number"]))
            .await?;
        m.create_table(
            page_table("sheet_items")
                .col(value("kind"))
                .col(text("label"))
                .col(value("owner"))
                .col(date_null("due_on"))
                .col(value("state"))
                .col(uuid_null("raised_in"))
                .col(integer_null("raised_number"))
                .col(uuid_null("settled_in"))
                .col(date_null("settled_on"))
                .col(text_null("dropped_reason"))
                .col(text_null("variance_reason"))
                .col(uuid_null("useful_address_id"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("sheet_items", &["booklet_id", "id"]))
            .await?;
        m.create_table(
            bare_table("sheet_answers")
                .col(uuid("organization_id"))
                .col(uuid("booklet_id"))
                .col(uuid("sheet_id"))
                .col(uuid("item_id"))
                .col(value("answer"))
                .col(text_null("reason"))
                .foreign_key(&mut cascade(
                    "sheet_answers",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut cascade("sheet_answers", "booklet_id", "booklets"))
                .foreign_key(&mut cascade("sheet_answers", "sheet_id", "action_sheets"))
                .foreign_key(&mut cascade("sheet_answers", "item_id", "sheet_items"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("sheet_answers", &["sheet_id", "item_id"]))
            .await?;
        m.create_index(index("sheet_answers", &["booklet_id"]))
            .await?;
        m.create_table(
            page_table("completed_actions")
                .col(date("done_on"))
                .col(text("description"))
                .col(value("source"))
                .col(uuid_null("sheet_item_id"))
                .col(uuid("author_id"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("completed_actions", &["sheet_item_id"]))
            .await?;
        m.create_index(index("completed_actions", &["booklet_id", "id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            m,
            &[
                "completed_actions",
                "sheet_answers",
                "sheet_items",
                "action_sheets",
                "appointments",
            ],
        )
        .await
    }
}
