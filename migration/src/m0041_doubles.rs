//! One person who is there twice: the link of an invitation that is sent by mail proves the address, files say whom their rows resemble, and two candidates become one, whose former id
//! leads to the one that stays. And where a file has its header.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{integer, integer_null, timestamp_with_time_zone, uuid};

use crate::tables::{cascade, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const MERGED: &str = "merged_candidates";
const MAILED: &str = "mail_token_hash";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table(MERGED)
            .col(uuid("former_id").primary_key())
            .col(uuid("organization_id"))
            .col(uuid("candidate_id"))
            .col(timestamp_with_time_zone("merged_at"))
            .foreign_key(&mut cascade(MERGED, "organization_id", "organizations"))
            .foreign_key(&mut cascade(MERGED, "candidate_id", "candidates"))
            .take();
        m.create_table(table).await?;
        for columns in [&["candidate_id"][..], &["organization_id", "former_id"]] {
            m.create_index(index(MERGED, columns)).await?;
        }
        let count = integer("rows_similar").default(0).take();
        let line = integer_null("header_line");
        for column in [count, line] {
            let change = Table::alter()
                .table("imports")
                .add_column(column)
                .to_owned();
            m.alter_table(change).await?;
        }
        let list = match m.get_database_backend() {
            sea_orm::DbBackend::Sqlite => "jsonb_text",
            _ => "jsonb",
        };
        let similar =
            format!("ALTER TABLE imports ADD COLUMN \"similar\" {list} NOT NULL DEFAULT '[]'");
        m.get_connection().execute_unprepared(&similar).await?;
        let hash = ColumnDef::new(MAILED).text().take();
        let change = Table::alter()
            .table("invitations")
            .add_column(hash)
            .to_owned();
        m.alter_table(change).await?;
        m.create_index(unique("invitations", &[MAILED])).await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mailed = Index::drop()
            .name(format!("idx-invitations-{MAILED}"))
            .table("invitations")
            .to_owned();
        m.drop_index(mailed).await?;
        let change = Table::alter()
            .table("invitations")
            .drop_column(MAILED)
            .to_owned();
        m.alter_table(change).await?;
        for column in ["rows_similar", "header_line", "similar"] {
            let change = Table::alter()
                .table("imports")
                .drop_column(column)
                .to_owned();
            m.alter_table(change).await?;
        }
        m.drop_table(Table::drop().table(MERGED).to_owned()).await
    }
}
