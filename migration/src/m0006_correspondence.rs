//! The tables of: follow_ups, notes, useful_addresses, personal_contacts.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{drop_tables, index, page_table, shared_table, value};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            page_table("follow_ups")
                .col(date("contacted_on"))
                .col(value("contact_mode"))
                .col(value("direction"))
                .col(text("comment"))
                .col(integer_null("duration_minutes"))
                .col(uuid("author_id"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("follow_ups", &["booklet_id", "id"]))
            .await?;
        m.create_table(
            page_table("notes")
                .col(uuid("author_id"))
                .col(text("body"))
                .col(value("visibility"))
                .col(boolean("pinned"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("notes", &["booklet_id", "id"]))
            .await?;
        m.create_table(
            shared_table("useful_addresses")
                .col(value("category"))
                .col(text("name"))
                .col(text("missions"))
                .col(text_null("phone"))
                .col(text_null("email"))
                .col(json_binary("urls"))
                .col(text_null("postal_address"))
                .col(json_binary("department_codes"))
                .col(date_null("verified_on"))
                .col(text("search"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("useful_addresses", &["organization_id", "id"]))
            .await?;
        m.create_table(
            page_table("personal_contacts")
                .col(value("category"))
                .col(uuid_null("useful_address_id"))
                .col(text("name"))
                .col(text_null("function"))
                .col(text_null("phone"))
                .col(text_null("email"))
                .col(text_null("comment"))
                .col(boolean("is_main"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("personal_contacts", &["booklet_id", "id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            m,
            &[
                "personal_contacts",
                "useful_addresses",
                "notes",
                "follow_ups",
            ],
        )
        .await
    }
}
