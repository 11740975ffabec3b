//! What the list of booklets is put in order of and asked for by, kept with each booklet by triggers: whoever
//! writes a page need not know of it.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use uuid::Uuid;

use crate::fold::fold;
use crate::tables::{no_trigger, trigger};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// What is kept of a booklet's pages, and reckoned whenever one of them is written.
struct Kept {
    column: &'static str,
    /// Of the booklet whose id is `{id}`.
    is: &'static str,
    /// Table, and the columns that it is reckoned from.
    of: &'static [(&'static str, &'static str)],
}

const KEPT: [Kept; 3] = [
    Kept {
        column: "next_due_on",
        is: "(SELECT min(day) FROM (
            SELECT due_on AS day FROM sheet_items WHERE booklet_id = {id} AND state = 'planned'
            UNION ALL
            SELECT planned_to FROM plan_steps
            WHERE booklet_id = {id} AND state IN ('planned', 'in_progress', 'postponed')
        ) AS open)",
        of: &[
            ("sheet_items", "due_on, state"),
            ("plan_steps", "planned_to, state"),
        ],
    },
    Kept {
        column: "next_appointment_at",
        is: "(SELECT min(starts_at) FROM appointments WHERE booklet_id = {id} AND state = 'planned')",
        of: &[("appointments", "starts_at, state")],
    },
    Kept {
        column: "stage",
        is: "(SELECT p.code FROM stage_progress AS p LEFT JOIN vae_stages AS s ON s.code = p.code
            WHERE p.booklet_id = {id} AND p.state = 'in_progress' ORDER BY s.position, p.code LIMIT 1)",
        of: &[("stage_progress", "state")],
    },
];

/// Name, on which change, and what follows.
const COPIED: [(&str, &str, &str); 3] = [
    (
        "kept-booklets-candidate_key",
        "INSERT ON booklets FOR EACH ROW",
        "UPDATE booklets SET candidate_key = c.sort_key FROM candidates AS c
         WHERE c.id = NEW.candidate_id AND booklets.id = NEW.id",
    ),
    (
        "kept-candidates-candidate_key",
        "UPDATE OF sort_key ON candidates FOR EACH ROW",
        "UPDATE booklets SET candidate_key = NEW.sort_key
         WHERE candidate_id = NEW.id AND candidate_key <> NEW.sort_key",
    ),
    // Nobody else learns when somebody writes a private note.
    (
        "kept-events-last_activity_at",
        "INSERT ON events FOR EACH ROW WHEN (NEW.booklet_id IS NOT NULL AND NEW.private_to IS NULL)",
        "UPDATE booklets SET last_activity_at = NEW.at
         WHERE id = NEW.booklet_id AND last_activity_at < NEW.at",
    ),
];

/// What those have in them that were there before.
const FORMER: &str = "UPDATE booklets SET
    candidate_key = (SELECT sort_key FROM candidates AS c WHERE c.id = booklets.candidate_id),
    last_activity_at = coalesce((SELECT max(at) FROM events AS e
        WHERE e.booklet_id = booklets.id AND e.private_to IS NULL), updated_at)";

/// Name, and what of. Where a day is missing, the row comes last.
const INDEXES: [(&str, &str); 11] = [
    (
        "idx-booklets-organization_id-candidate_key-id",
        "booklets (organization_id, candidate_key, id)",
    ),
    (
        "idx-booklets-organization_id-quiet_since-id",
        "booklets (organization_id, quiet_since, id)",
    ),
    (
        "idx-booklets-organization_id-last_activity_at-id",
        "booklets (organization_id, last_activity_at, id)",
    ),
    (
        "idx-booklets-organization_id-next_appointment_at-id",
        "booklets (organization_id, coalesce(next_appointment_at, '9999-12-31T00:00:00+00:00'), id)",
    ),
    (
        "idx-booklets-organization_id-contract_ends_on-id",
        "booklets (organization_id, coalesce(in_force_until, '9999-12-31'), id)",
    ),
    (
        "idx-booklets-organization_id-prescriber_id-created_at-id",
        "booklets (organization_id, prescriber_id, created_at, id)",
    ),
    (
        "idx-booklets-organization_id-stage-created_at-id",
        "booklets (organization_id, stage, created_at, id)",
    ),
    (
        "idx-booklets-organization_id-next_due_on",
        "booklets (organization_id, next_due_on) WHERE next_due_on IS NOT NULL",
    ),
    (
        "idx-external_references-organization_id-external_id",
        "external_references (organization_id, external_id)",
    ),
    (
        "idx-sheet_items-booklet_id-planned",
        "sheet_items (booklet_id, due_on) WHERE state = 'planned'",
    ),
    (
        "idx-appointments-booklet_id-planned",
        "appointments (booklet_id, starts_at) WHERE state = 'planned'",
    ),
];

fn columns() -> [ColumnDef; 6] {
    let column = |name: &'static str| ColumnDef::new(name);
    [
        column("candidate_key")
            .binary()
            .not_null()
            .default(Expr::val(Vec::<u8>::new()))
            .take(),
        column("search").text().not_null().default("").take(),
        column("next_due_on").date().null().take(),
        column("next_appointment_at")
            .timestamp_with_time_zone()
            .null()
            .take(),
        column("stage").text().null().take(),
        column("last_activity_at")
            .timestamp_with_time_zone()
            .not_null()
            .default("1970-01-01T00:00:00+00:00")
            .take(),
    ]
}

const COLUMNS: [&str; 6] = [
    "candidate_key",
    "search",
    "next_due_on",
    "next_appointment_at",
    "stage",
    "last_activity_at",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let db = m.get_connection();
        for column in columns() {
            let add = Table::alter().table("booklets").add_column(column).take();
            m.alter_table(add).await?;
        }
        db.execute_unprepared(FORMER).await?;
        for kept in KEPT {
            let is = kept.is.replace("{id}", "booklets.id");
            let fill = format!("UPDATE booklets SET {} = {is}", kept.column);
            db.execute_unprepared(&fill).await?;
        }
        search(m).await?;
        for (name, of) in INDEXES {
            let create = format!("CREATE INDEX \"{name}\" ON {of}");
            db.execute_unprepared(&create).await?;
        }
        let is_sqlite = m.get_database_backend() == DbBackend::Sqlite;
        for (name, when, then) in triggers(is_sqlite) {
            for create in trigger(is_sqlite, &name, &when, &then) {
                db.execute_unprepared(&create).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let db = m.get_connection();
        let is_sqlite = m.get_database_backend() == DbBackend::Sqlite;
        for (name, ..) in triggers(is_sqlite) {
            let drop = no_trigger(is_sqlite, &name);
            db.execute_unprepared(&drop).await?;
        }
        for (name, _) in INDEXES {
            let drop = format!("DROP INDEX \"{name}\"");
            db.execute_unprepared(&drop).await?;
        }
        for column in COLUMNS {
            let drop = Table::alter().table("booklets").drop_column(column).take();
            m.alter_table(drop).await?;
        }
        Ok(())
    }
}

/// All triggers: name, on which change, and what follows. SQLite has one for each kind of change.
fn triggers(is_sqlite: bool) -> Vec<(String, String, String)> {
    let copied = COPIED.map(|(name, when, then)| (name.into(), when.into(), then.into()));
    let mut all = Vec::from(copied);
    for kept in KEPT {
        for (table, columns) in kept.of {
            let name = format!("kept-{table}-{}", kept.column);
            let update = format!("UPDATE OF {columns}");
            if !is_sqlite {
                let when = format!("INSERT OR DELETE OR {update} ON {table} FOR EACH ROW");
                let row = "CASE TG_OP WHEN 'DELETE' THEN OLD.booklet_id ELSE NEW.booklet_id END";
                all.push((name, when, reckoned(&kept, row)));
                continue;
            }
            for (change, when, row) in [
                ("insert", "INSERT", "NEW.booklet_id"),
                ("update", &*update, "NEW.booklet_id"),
                ("delete", "DELETE", "OLD.booklet_id"),
            ] {
                let when = format!("{when} ON {table} FOR EACH ROW");
                all.push((format!("{name}-{change}"), when, reckoned(&kept, row)));
            }
        }
    }
    all
}

/// Reckons what is kept of the booklet that a written row is of; one that stays as it is is not written.
fn reckoned(kept: &Kept, booklet_id: &str) -> String {
    let column = kept.column;
    let is = kept.is.replace("{id}", booklet_id);
    format!(
        "UPDATE booklets SET {column} = now.it FROM (SELECT {is} AS it) AS now
         WHERE booklets.id = {booklet_id} AND booklets.{column} IS DISTINCT FROM now.it"
    )
}

/// Fills what booklets are searched in: their certifications, folded.
async fn search(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let certified = Query::select()
        .columns(["id", "certification"])
        .from("booklets")
        .and_where(Expr::col("certification").is_not_null())
        .to_owned();
    for row in m.get_connection().query_all(&certified).await? {
        let id: Uuid = row.try_get("", "id")?;
        let certification: serde_json::Value = row.try_get("", "certification")?;
        let words = ["label", "rncp_code", "certifier_name"]
            .iter()
            .filter_map(|name| certification.get(name)?.as_str());
        let words: Vec<&str> = words.collect();
        let update = Query::update()
            .table("booklets")
            .value("search", fold(&words.join(" ")))
            .and_where(Expr::col("id").eq(id))
            .to_owned();
        m.execute(update).await?;
    }
    Ok(())
}
