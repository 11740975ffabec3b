//! The tables of: organizations, users, sessions, invitations, service_accounts, candidates, external_references.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{
    bare_table, cascade, drop_tables, index, restrict, shared_table, table, tenant_table, unique,
    value,
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
            table("organizations")
                .col(text("name"))
                .col(text_null("siret"))
                .col(text_null("address"))
                .col(text_null("phone"))
                .col(text_null("email"))
                .col(text("timezone"))
                .col(value("locale"))
                .col(integer("retention_months"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            shared_table("users")
                .col(text("email"))
                .col(text("given_name"))
                .col(text("family_name"))
                .col(text_null("phone"))
                .col(value("locale"))
                .col(value("role"))
                .col(value("state"))
                .col(text_null("password_hash"))
                .col(timestamp_with_time_zone_null("last_login_at"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("users", &["email"])).await?;
        m.create_index(index("users", &["organization_id", "id"]))
            .await?;
        m.create_table(
            bare_table("sessions")
                .col(uuid("user_id"))
                .col(integer("generation"))
                .col(text("salt"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("rotated_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("revoked_at"))
                .foreign_key(&mut cascade("sessions", "user_id", "users"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("sessions", &["user_id"])).await?;
        m.create_table(
            bare_table("invitations")
                .col(uuid("user_id"))
                .col(text("token_hash"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .foreign_key(&mut cascade("invitations", "user_id", "users"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("invitations", &["token_hash"]))
            .await?;
        m.create_index(unique("invitations", &["user_id"])).await?;
        m.create_table(
            tenant_table("service_accounts")
                .col(text("name"))
                .col(json_binary("scopes"))
                .col(text("client_id"))
                .col(text("secret_hash"))
                .col(timestamp_with_time_zone("expires_at"))
                .col(timestamp_with_time_zone_null("revoked_at"))
                .col(timestamp_with_time_zone_null("last_used_at"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("service_accounts", &["client_id"]))
            .await?;
        m.create_index(index("service_accounts", &["organization_id", "id"]))
            .await?;
        m.create_table(
            tenant_table("candidates")
                .col(uuid_null("user_id"))
                .col(text("given_name"))
                .col(text("family_name"))
                .col(date_null("birth_date"))
                .col(text_null("email"))
                .col(text_null("phone"))
                .col(value("preferred_channel"))
                .col(text_null("accessibility_needs"))
                .col(text("search"))
                .foreign_key(&mut restrict("candidates", "user_id", "users"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("candidates", &["user_id"])).await?;
        m.create_index(index("candidates", &["organization_id", "id"]))
            .await?;
        m.create_table(
            bare_table("external_references")
                .col(uuid("organization_id"))
                .col(text("resource_type"))
                .col(uuid("resource_id"))
                .col(text("system"))
                .col(text("external_id"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(&mut cascade(
                    "external_references",
                    "organization_id",
                    "organizations",
                ))
                .to_owned(),
        )
        .await?;
        m.create_index(unique(
            "external_references",
            &["organization_id", "resource_type", "system", "external_id"],
        ))
        .await?;
        m.create_index(index("external_references", &["resource_id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            m,
            &[
                "external_references",
                "candidates",
                "service_accounts",
                "invitations",
                "sessions",
                "users",
                "organizations",
            ],
        )
        .await
    }
}
