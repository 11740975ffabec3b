//! The letters of names, kept with less work: a file of people is put in its place several times as fast.
//!
//! Each gram stood in three trees, and a hundred places were looked at for a name of twenty letters. Now the
//! table is its own index on SQLite and has no other, for who goes takes along the letters of their name; and
//! only places that a name has are looked at.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::integer;

use crate::m0037_search::{NAMED, TABLE, make, table, unmake};
use crate::tables::trigger;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// The numbers from 1 on: the places of letters in a name.
const PLACES: &str = "gram_places";
/// As many letters of a name count.
const LETTERS: u8 = 100;

/// How a database says it.
struct Dialect {
    is_sqlite: bool,
}

impl Dialect {
    /// The text of the row's name: words begin with a space.
    fn text(&self, row: &str) -> String {
        match self.is_sqlite {
            true => format!("' ' || CAST({row}.sort_key AS text)"),
            false => format!("' ' || encode({row}.sort_key, 'escape')"),
        }
    }

    /// A gram of the row's name, and from where: all that have a space at their beginning or none.
    fn grams(&self, row: &str) -> (String, String) {
        let text = self.text(row);
        let place_of = if self.is_sqlite { "instr" } else { "strpos" };
        (
            format!("substr({text}, n.place, 3)"),
            format!(
                "{PLACES} AS n WHERE n.place <= length({text}) - 2
                 AND {place_of}(substr({text}, n.place + 1, 2), ' ') = 0"
            ),
        )
    }

    /// Notes the grams of the row, which stands in this table or is a trigger's.
    fn note(&self, kind: &str, row: &str, table: &str) -> String {
        let (gram, from) = self.grams(row);
        format!(
            "INSERT INTO {TABLE} (organization_id, gram, kind, id)
             SELECT {row}.organization_id, {gram}, '{kind}', {row}.id FROM {table}{from}
             AND {row}.organization_id IS NOT NULL ON CONFLICT DO NOTHING"
        )
    }

    /// Forgets those that OLD had.
    fn forget(&self, kind: &str) -> String {
        let (gram, from) = self.grams("OLD");
        // As an array they are found by the key, whatever PostgreSQL believes of the table.
        let is_one = match self.is_sqlite {
            true => format!("gram IN (SELECT {gram} FROM {from})"),
            false => format!("gram = ANY (ARRAY(SELECT {gram} FROM {from}))"),
        };
        format!(
            "DELETE FROM {TABLE} WHERE organization_id = OLD.organization_id AND kind = '{kind}'
             AND id = OLD.id AND {is_one}"
        )
    }

    /// Name, on which change, and what follows.
    fn triggers(&self) -> Vec<(String, String, String)> {
        let mut all = Vec::new();
        for (table, kind) in NAMED {
            let (note, forget) = (self.note(kind, "NEW", ""), self.forget(kind));
            for (change, then) in [
                (format!("INSERT ON {table} FOR EACH ROW"), note.clone()),
                (
                    format!(
                        "UPDATE OF sort_key ON {table} FOR EACH ROW WHEN (NEW.sort_key <> OLD.sort_key)"
                    ),
                    format!("{forget}; {note}"),
                ),
                (format!("DELETE ON {table} FOR EACH ROW"), forget),
            ] {
                let verb = change.split(' ').next().unwrap_or_default().to_lowercase();
                all.push((format!("grams-{table}-{verb}"), change, then));
            }
        }
        all
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let db = m.get_connection();
        let is_sqlite = m.get_database_backend() == DbBackend::Sqlite;
        let dialect = Dialect { is_sqlite };
        unmake(m).await?;
        let places = Table::create()
            .table(PLACES)
            .col(integer("place").primary_key())
            .take();
        m.create_table(places).await?;
        let numbers: Vec<_> = (1..=LETTERS).map(|place| format!("({place})")).collect();
        let numbers = format!("INSERT INTO {PLACES} (place) VALUES {}", numbers.join(", "));
        db.execute_unprepared(&numbers).await?;
        let mut letters = table();
        if is_sqlite {
            letters.extra("WITHOUT ROWID");
        }
        m.create_table(letters).await?;
        for (table, kind) in NAMED {
            let from = format!("{table} AS r CROSS JOIN ");
            db.execute_unprepared(&dialect.note(kind, "r", &from))
                .await?;
        }
        for (name, when, then) in dialect.triggers() {
            for create in trigger(is_sqlite, &name, &when, &then) {
                db.execute_unprepared(&create).await?;
            }
        }
        Ok(())
    }

    async fn down(&self, m: &SchemaManager) -> Result<(), DbErr> {
        unmake(m).await?;
        m.drop_table(Table::drop().table(PLACES).to_owned()).await?;
        make(m).await
    }
}
