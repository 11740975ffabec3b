//! Names are folded anew: letters that Unicode does not take apart (ł, Đ, Ø) are found by their plain ones and stand
//! among them, hyphens and apostrophes are spaces.

use sea_orm_migration::prelude::*;
use uuid::Uuid;

use crate::fold::{body, person, sort_key};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// How many rows are in memory at a time.
const PAGE: u64 = 500;

/// A table whose rows have a name.
struct Named {
    table: &'static str,
    /// The columns that put it in order.
    name: &'static [&'static str],
    /// What is searched for besides, of the tables that are searched.
    more: &'static [&'static str],
    /// What a search looks through, of both.
    search: Option<fn(&[String]) -> String>,
}

const TABLES: [Named; 3] = [
    Named {
        table: "candidates",
        name: &["family_name", "given_name"],
        more: &["email"],
        search: Some(|texts| match texts {
            [family, given, email] => person(given, family, email),
            _ => String::new(),
        }),
    },
    Named {
        table: "users",
        name: &["family_name", "given_name"],
        more: &[],
        search: None,
    },
    Named {
        table: "useful_addresses",
        name: &["name"],
        more: &["missions"],
        search: Some(|texts| match texts {
            [name, missions] => body(name, missions),
            _ => String::new(),
        }),
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        for table in &TABLES {
            fold_again(m, table).await?;
        }
        Ok(())
    }

    /// What was folded stays: the former way finds it too.
    async fn down(&self, _: &SchemaManager) -> Result<(), DbErr> {
        Ok(())
    }
}

async fn fold_again(m: &SchemaManager<'_>, named: &Named) -> Result<(), DbErr> {
    let db = m.get_connection();
    let mut after = Uuid::nil();
    loop {
        let rows = Query::select()
            .column("id")
            .columns(named.name.iter().chain(named.more).copied())
            .from(named.table)
            .and_where(Expr::col("id").gt(after))
            .order_by("id", Order::Asc)
            .limit(PAGE)
            .to_owned();
        let rows = db.query_all(&rows).await?;
        for row in &rows {
            after = row.try_get("", "id")?;
            let text = |column: &&str| row.try_get::<Option<String>>("", column);
            let texts = |columns: &[&str]| -> Result<Vec<String>, DbErr> {
                let texts = columns
                    .iter()
                    .map(|column| Ok(text(column)?.unwrap_or_default()));
                texts.collect()
            };
            let name = texts(named.name)?;
            let mut update = Query::update();
            update
                .table(named.table)
                .value("sort_key", sort_key(&name.join(" ")))
                .and_where(Expr::col("id").eq(after));
            if let Some(search) = named.search {
                let all = [name, texts(named.more)?].concat();
                update.value("search", search(&all));
            }
            db.execute(&update).await?;
        }
        if (rows.len() as u64) < PAGE {
            return Ok(());
        }
    }
}
