//! The last activity of a booklet is kept to the minute: whoever fills in a sheet writes its booklet's row, and
//! the index of each of its columns, once a minute and not with every line.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;

use crate::tables::{no_trigger, trigger};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const NAME: &str = "kept-events-last_activity_at";
// Nobody else learns when somebody writes a private note.
const WHEN: &str =
    "INSERT ON events FOR EACH ROW WHEN (NEW.booklet_id IS NOT NULL AND NEW.private_to IS NULL)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // SQLite keeps instants as text in UTC, from the year to the part of a second.
        let minute = |at: &str| match m.get_database_backend() {
            DbBackend::Sqlite => format!("substr({at}, 1, 16)"),
            _ => format!("date_trunc('minute', {at})"),
        };
        let is_later = format!("{} < {}", minute("last_activity_at"), minute("NEW.at"));
        replace(m, &is_later).await
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        replace(m, "last_activity_at < NEW.at").await
    }
}

async fn replace(m: &SchemaManager<'_>, is_later: &str) -> Result<(), DbErr> {
    let is_sqlite = m.get_database_backend() == DbBackend::Sqlite;
    let then = format!(
        "UPDATE booklets SET last_activity_at = NEW.at WHERE id = NEW.booklet_id AND {is_later}"
    );
    let mut statements = vec![no_trigger(is_sqlite, NAME)];
    statements.extend(trigger(is_sqlite, NAME, WHEN, &then));
    for statement in statements {
        m.get_connection().execute_unprepared(&statement).await?;
    }
    Ok(())
}
