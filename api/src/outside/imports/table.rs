//! A temporary table with the rows that are to be put into a table of the database.

use sea_orm::sea_query::InsertStatement;
use sea_orm::{ConnectionTrait, DbBackend};

use crate::foundation::database::Transaction;
use crate::kit::{Code, Problem, Result};

/// How many rows one statement puts in their places: each has some seconds.
const AT_A_TIME: u64 = 10_000;
/// What another version of a row leaves as it is; of booklets, what others write meanwhile.
const KEPT: [&str; 9] = [
    "id",
    "organization_id",
    "created_at",
    "quiet_since",
    "candidate_key",
    "next_due_on",
    "next_appointment_at",
    "stage",
    "last_activity_at",
];

/// Rows of a kind that are ready.
pub(super) struct Ready {
    /// Where they are going.
    pub(super) table: &'static str,
    columns: Vec<&'static str>,
    rows: u64,
    /// How many of them are other versions of rows that are there.
    edits: u64,
}

impl Ready {
    /// None yet.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(super) async fn none(
        txn: &Transaction,
        table: &'static str,
        columns: Vec<&'static str>,
    ) -> Result<Self> {
        let ready = Self {
            table,
            columns,
            rows: 0,
            edits: 0,
        };
        let (name, columns) = (ready.name(), ready.list(""));
        let create = match txn.get_database_backend() {
            DbBackend::Sqlite => {
                format!("CREATE TEMPORARY TABLE {name} (place INTEGER PRIMARY KEY, {columns})")
            }
            _ => format!(
                "CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0; \
                 ALTER TABLE {name} ADD COLUMN place bigserial PRIMARY KEY"
            ),
        };
        txn.execute_unprepared(&create).await?;
        Ok(ready)
    }

    /// How many columns it has.
    pub(super) fn width(&self) -> usize {
        self.columns.len().max(1)
    }

    fn name(&self) -> String {
        format!("ready_{}", self.table)
    }

    /// The columns, each after this.
    fn list(&self, before: &str) -> String {
        let columns = self.columns.iter();
        let columns: Vec<_> = columns.map(|name| format!("{before}\"{name}\"")).collect();
        columns.join(", ")
    }

    /// Adds rows by the statement that would write them, so many of which are edits.
    ///
    /// # Errors
    /// 503 when the database does not answer.
    pub(super) async fn add(
        &mut self,
        txn: &Transaction,
        mut insert: InsertStatement,
        rows: usize,
        edits: usize,
    ) -> Result<()> {
        txn.execute(insert.into_table(self.name())).await?;
        self.rows += rows as u64;
        self.edits += edits as u64;
        Ok(())
    }

    /// Puts all of them in their places, in the order in which they were added.
    ///
    /// # Errors
    /// 409 when a constraint forbids it, or a row has another version by now.
    pub(super) async fn put_in_place(&self, txn: &Transaction) -> Result<()> {
        let (table, name) = (self.table, self.name());
        let (columns, theirs) = (self.list(""), self.list("ready."));
        let set = self.columns.iter().filter(|name| !KEPT.contains(name));
        let set: Vec<_> = set
            .map(|name| format!("\"{name}\" = ready.\"{name}\""))
            .collect();
        let set = set.join(", ");
        let mut edited = 0;
        for from in (0..self.rows).step_by(usize::try_from(AT_A_TIME).unwrap_or(usize::MAX)) {
            let some = format!(
                "ready.place > {from} AND ready.place <= {}",
                from + AT_A_TIME
            );
            let new = if self.edits > 0 {
                " AND ready.version = 1"
            } else {
                ""
            };
            let insert = format!(
                "INSERT INTO {table} ({columns}) SELECT {theirs} FROM {name} AS ready \
                 WHERE {some}{new} ORDER BY ready.place"
            );
            txn.execute_unprepared(&insert).await?;
            if self.edits > 0 {
                let update = format!(
                    "UPDATE {table} SET {set} FROM {name} AS ready WHERE {some} AND ready.version > 1 \
                     AND {table}.id = ready.id AND {table}.version = ready.version - 1"
                );
                edited += txn.execute_unprepared(&update).await?.rows_affected();
            }
        }
        if edited == self.edits {
            Ok(())
        } else {
            // Somebody changed one meanwhile.
            Err(Problem::new(Code::Conflict))
        }
    }
}
