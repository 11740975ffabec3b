//! The shipped rows come, go and come back with the migrations.

use chrono::DateTime;
use migration::{Migrator, fold::fold};
use sea_orm_migration::prelude::{
    Asterisk, ConnectionTrait, DbErr, Expr, InsertStatement, MigratorTrait, Query,
};
use sea_orm_migration::sea_orm::{Database, DatabaseConnection, JsonValue, QueryResult};
use uuid::Uuid;

type TestResult = Result<(), Box<dyn std::error::Error>>;

const COUNTS: [(&str, usize); 5] = [
    ("contract_templates", 1),
    ("pledges", 1),
    ("plan_templates", 1),
    ("vae_stages", 5),
    ("useful_addresses", 7),
];

async fn rows(db: &DatabaseConnection, table: &'static str) -> Result<Vec<QueryResult>, DbErr> {
    let all = Query::select().column(Asterisk).from(table).to_owned();
    db.query_all(&all).await
}

/// The length of a column stored as a JSON list.
fn length(row: &QueryResult, column: &str) -> Result<Option<usize>, DbErr> {
    let list: JsonValue = row.try_get("", column)?;
    Ok(list.as_array().map(Vec::len))
}

/// How many migrations to undo until the shipped rows are gone.
fn steps_back() -> Option<u32> {
    let mut names = Migrator::migrations().into_iter().rev();
    let later = names.position(|migration| migration.name() == "m0008_shipped_content")?;
    u32::try_from(later + 1).ok()
}

/// A row that somebody wrote since, which is not ours to delete.
fn another_pledge() -> Result<InsertStatement, Box<dyn std::error::Error>> {
    let at = || Expr::val(DateTime::UNIX_EPOCH);
    Ok(Query::insert()
        .into_table("pledges")
        .columns(["id", "version", "created_at", "updated_at", "name", "body"])
        .values([
            Uuid::nil().into(),
            1.into(),
            at(),
            at(),
            "N".into(),
            "B".into(),
        ])?
        .to_owned())
}

async fn all_rows_are_there(db: &DatabaseConnection) -> TestResult {
    for (table, count) in COUNTS {
        assert_eq!(rows(db, table).await?.len(), count, "{table}");
    }
    for contract in rows(db, "contract_templates").await? {
        assert_eq!(length(&contract, "candidate_commitments")?, Some(5));
        assert_eq!(length(&contract, "tutor_commitments")?, Some(6));
    }
    for plan in rows(db, "plan_templates").await? {
        assert_eq!(length(&plan, "rows")?, Some(8));
    }
    for address in rows(db, "useful_addresses").await? {
        let name: String = address.try_get("", "name")?;
        let search: String = address.try_get("", "search")?;
        assert!(search.contains(&fold(&name)), "{search}");
    }
    Ok(())
}

#[tokio::test]
async fn shipped_rows_come_go_and_come_back() -> TestResult {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("livret.db");
    let db = Database::connect(format!("sqlite://{}?mode=rwc", file.display())).await?;

    Migrator::up(&db, None).await?;
    all_rows_are_there(&db).await?;

    db.execute(&another_pledge()?).await?;
    assert!(steps_back().is_some());
    Migrator::down(&db, steps_back()).await?;
    for (table, _) in COUNTS {
        let left = usize::from(table == "pledges");
        assert_eq!(rows(&db, table).await?.len(), left, "{table}");
    }
    db.execute(Query::delete().from_table("pledges")).await?;

    Migrator::up(&db, None).await?;
    all_rows_are_there(&db).await?;

    Migrator::down(&db, None).await?;
    Migrator::up(&db, None).await?;
    all_rows_are_there(&db).await
}
