//! The change feed: each event's place in the feed of its organization, given by those who read.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{big_integer, uuid};

use crate::tables::{cascade, drop_tables, index, unique};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What was committed so far is in the order that it was written in.
const PLACE: &str = "UPDATE events SET position = placed.position FROM (\
    SELECT sequence, ROW_NUMBER() OVER (PARTITION BY organization_id ORDER BY sequence) AS position \
    FROM events WHERE organization_id IS NOT NULL) AS placed \
    WHERE events.sequence = placed.sequence";
const NOTE: &str = "INSERT INTO feeds (organization_id, last_position) \
    SELECT organizations.id, MAX(events.position) FROM organizations \
    INNER JOIN events ON events.organization_id = organizations.id GROUP BY organizations.id";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        m.create_table(
            Table::create()
                .table("feeds")
                .col(uuid("organization_id").primary_key())
                .col(big_integer("last_position"))
                .foreign_key(&mut cascade("feeds", "organization_id", "organizations"))
                .to_owned(),
        )
        .await?;
        let position = ColumnDef::new("position").big_integer().null().take();
        let change = Table::alter()
            .table("events")
            .add_column(position)
            .to_owned();
        m.alter_table(change).await?;
        m.get_connection().execute_unprepared(PLACE).await?;
        m.get_connection().execute_unprepared(NOTE).await?;
        m.create_index(unique("events", &["organization_id", "position"]))
            .await?;
        // What waits for its place.
        m.create_index(
            index("events", &["organization_id"])
                .and_where(Expr::col("position").is_null())
                .to_owned(),
        )
        .await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for name in [
            "idx-events-organization_id",
            "idx-events-organization_id-position",
        ] {
            m.drop_index(Index::drop().name(name).table("events").to_owned())
                .await?;
        }
        let change = Table::alter()
            .table("events")
            .drop_column("position")
            .to_owned();
        m.alter_table(change).await?;
        drop_tables(m, &["feeds"]).await
    }
}
