//! The tables of: contracts, signatures, contract_templates, pledges.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::tables::{
    bare_table, cascade, drop_tables, index, page_table, restrict, shared_table, unique, value,
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
            page_table("contracts")
                .col(integer("number"))
                .col(uuid_null("supersedes_id"))
                .col(value("state"))
                .col(text("preamble"))
                .col(json_binary("candidate_commitments"))
                .col(json_binary("tutor_commitments"))
                .col(text("pledge"))
                .col(date("starts_on"))
                .col(date("ends_on"))
                .col(text_null("content_sha256"))
                .col(text_null("candidate_name"))
                .col(text_null("tutor_name"))
                .col(text_null("organization_name"))
                .col(uuid_null("tutor_id"))
                .col(timestamp_with_time_zone_null("proposed_at"))
                .col(date_null("terminated_on"))
                .col(text_null("termination_reason"))
                .foreign_key(&mut restrict("contracts", "tutor_id", "users"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("contracts", &["booklet_id", "number"]))
            .await?;
        m.create_table(
            bare_table("signatures")
                .col(uuid("organization_id"))
                .col(uuid("booklet_id"))
                .col(uuid("contract_id"))
                .col(value("party"))
                .col(uuid_null("signer_id"))
                .col(uuid("recorded_by"))
                .col(text("signer_name"))
                .col(text("place"))
                .col(timestamp_with_time_zone("signed_at"))
                .col(value("method"))
                .col(text("content_sha256"))
                .foreign_key(&mut cascade(
                    "signatures",
                    "organization_id",
                    "organizations",
                ))
                .foreign_key(&mut cascade("signatures", "booklet_id", "booklets"))
                .foreign_key(&mut cascade("signatures", "contract_id", "contracts"))
                .to_owned(),
        )
        .await?;
        m.create_index(unique("signatures", &["contract_id", "party"]))
            .await?;
        m.create_index(index("signatures", &["booklet_id"])).await?;
        m.create_table(
            shared_table("contract_templates")
                .col(text("name"))
                .col(text("preamble"))
                .col(json_binary("candidate_commitments"))
                .col(json_binary("tutor_commitments"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("contract_templates", &["organization_id", "id"]))
            .await?;
        m.create_table(
            shared_table("pledges")
                .col(text("name"))
                .col(text("body"))
                .to_owned(),
        )
        .await?;
        m.create_index(index("pledges", &["organization_id", "id"]))
            .await?;
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            m,
            &["pledges", "contract_templates", "signatures", "contracts"],
        )
        .await
    }
}
