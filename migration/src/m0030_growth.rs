//! Indexes for what reads more the more there is: what a rare state, a tutor, a type of event or a
//! small organization's export asks for is found, not sought among the rest.

use sea_orm_migration::prelude::*;

use crate::tables::index;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Pages, which exports read by organization in the order of their ids.
const PAGES: [&str; 16] = [
    "action_sheets",
    "booklet_members",
    "break_glass",
    "completed_actions",
    "contracts",
    "follow_ups",
    "notes",
    "objectives",
    "personal_contacts",
    "plan_steps",
    "plans",
    "sheet_answers",
    "sheet_items",
    "signatures",
    "stage_progress",
    "webhook_deliveries",
];

const LISTS: [(&str, &[&str]); 9] = [
    (
        "appointments",
        &["organization_id", "state", "starts_at", "id"],
    ),
    (
        "booklets",
        &["organization_id", "state", "created_at", "id"],
    ),
    (
        "booklets",
        &["organization_id", "tutor_id", "created_at", "id"],
    ),
    ("contracts", &["state", "ends_on"]),
    ("contracts", &["tutor_id"]),
    ("events", &["booklet_id", "at"]),
    ("sheet_answers", &["item_id"]),
    ("users", &["organization_id", "role", "created_at", "id"]),
    ("users", &["organization_id", "state", "created_at", "id"]),
];

/// What one of these takes the place of.
const FORMER: (&str, &[&str]) = ("events", &["at"]);

/// Those of few rows of their table: name, and which.
const PARTIAL: [(&str, &str); 3] = [
    (
        "idx-booklets-archived",
        "booklets (organization_id, created_at, id) WHERE archived_at IS NOT NULL",
    ),
    (
        "idx-events-organization_id-resource-position",
        "events (organization_id, resource, position) WHERE position IS NOT NULL",
    ),
    (
        "idx-events-organization_id-kind-position",
        "events (organization_id, kind, position) WHERE position IS NOT NULL",
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in PAGES {
            m.create_index(index(table, &["organization_id", "id"]))
                .await?;
        }
        for (table, columns) in LISTS {
            m.create_index(index(table, columns)).await?;
        }
        for (name, of) in PARTIAL {
            let create = format!("CREATE INDEX \"{name}\" ON {of}");
            m.get_connection().execute_unprepared(&create).await?;
        }
        let (table, columns) = FORMER;
        m.drop_index(dropped(table, columns)).await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let (table, columns) = FORMER;
        m.create_index(index(table, columns)).await?;
        for (name, _) in PARTIAL {
            let drop = format!("DROP INDEX \"{name}\"");
            m.get_connection().execute_unprepared(&drop).await?;
        }
        for (table, columns) in LISTS {
            m.drop_index(dropped(table, columns)).await?;
        }
        for table in PAGES {
            m.drop_index(dropped(table, &["organization_id", "id"]))
                .await?;
        }
        Ok(())
    }
}

fn dropped(table: &'static str, columns: &[&'static str]) -> IndexDropStatement {
    let name = format!("idx-{table}-{}", columns.join("-"));
    Index::drop().name(name).table(table).to_owned()
}
