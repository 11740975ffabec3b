//! What is to be done is found by indexes of the few rows that are open, in the order in which they are
//! due; a booklet knows since when there was no contact, and an organization after how long that matters.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// Columns with what they hold until somebody writes them: table, name, type and default.
const COLUMNS: [(&str, &str, &str); 2] = [
    (
        "organizations",
        "no_contact_weeks",
        "integer NOT NULL DEFAULT 6",
    ),
    (
        "booklets",
        "quiet_since",
        "date NOT NULL DEFAULT '1970-01-01'",
    ),
];

/// The day of the last follow-up or held appointment (of the latter in UTC), else the opening day.
const QUIET: &str = "UPDATE booklets SET quiet_since = coalesce(
    (SELECT max(day) FROM (
        SELECT contacted_on AS day FROM follow_ups AS f WHERE f.booklet_id = booklets.id
        UNION ALL
        SELECT CAST(substr(CAST(starts_at AS text), 1, 10) AS DAY_TYPE) FROM appointments AS a
        WHERE a.booklet_id = booklets.id AND a.state = 'held'
    ) AS days WHERE day > booklets.opened_on),
    opened_on)";

/// Name, and which rows in which order.
const INDEXES: [(&str, &str); 12] = [
    (
        "idx-sheet_items-open",
        "sheet_items (organization_id, due_on, id) WHERE state = 'planned'",
    ),
    (
        "idx-plan_steps-open",
        "plan_steps (organization_id, planned_to, id) WHERE state IN ('planned', 'in_progress', 'postponed')",
    ),
    (
        "idx-contracts-draft",
        "contracts (organization_id, starts_on, id) WHERE state = 'draft'",
    ),
    (
        "idx-contracts-proposed",
        "contracts (organization_id, starts_on, id) WHERE state = 'proposed'",
    ),
    (
        "idx-contracts-in_force",
        "contracts (organization_id, ends_on, id) WHERE state = 'in_force'",
    ),
    (
        "idx-plans-proposed",
        "plans (organization_id, id) WHERE state = 'proposed'",
    ),
    (
        "idx-action_sheets-draft",
        "action_sheets (organization_id, appointment_on, id) WHERE state = 'draft'",
    ),
    (
        "idx-action_sheets-submitted",
        "action_sheets (organization_id, id) WHERE state = 'submitted'",
    ),
    (
        "idx-booklets-quiet",
        "booklets (organization_id, quiet_since, id) WHERE state IN ('open', 'active')",
    ),
    (
        "idx-booklets-open",
        "booklets (organization_id, id) WHERE state = 'open'",
    ),
    (
        "idx-booklets-in_force_until",
        "booklets (organization_id, in_force_until) WHERE state = 'active'",
    ),
    (
        "idx-imports-ready",
        "imports (organization_id, id) WHERE state = 'ready'",
    ),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let db = m.get_connection();
        for (table, name, what) in COLUMNS {
            let add = format!("ALTER TABLE {table} ADD COLUMN {name} {what}");
            db.execute_unprepared(&add).await?;
        }
        // Days are texts on SQLite.
        let day = match m.get_database_backend() {
            sea_orm::DbBackend::Sqlite => "text",
            _ => "date",
        };
        db.execute_unprepared(&QUIET.replace("DAY_TYPE", day))
            .await?;
        for (name, of) in INDEXES {
            let create = format!("CREATE INDEX \"{name}\" ON {of}");
            db.execute_unprepared(&create).await?;
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let db = m.get_connection();
        for (name, _) in INDEXES {
            let drop = format!("DROP INDEX \"{name}\"");
            db.execute_unprepared(&drop).await?;
        }
        for (table, name, _) in COLUMNS {
            let drop = format!("ALTER TABLE {table} DROP COLUMN {name}");
            db.execute_unprepared(&drop).await?;
        }
        Ok(())
    }
}
