//! A database of any earlier state, with what was written in it, comes up to today.

use std::collections::BTreeMap;

use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::{Asterisk, Expr, ExprTrait, Query};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use secrecy::ExposeSecret;

use crate::demo;

/// The name of the table of migrations, which are counted apart.
const MIGRATIONS: &str = "seaql_migrations";

/// Goes back state by state, as far as there are events, and from each state on again by one; then
/// from the first of them to today at once.
#[tokio::test]
async fn every_earlier_state_comes_up_to_today_with_all_its_rows() {
    let demo = demo("2026-11-20T08:00:00Z").await;
    let world = demo.copy().await;
    let tutor = demo.client(&world, "lea");
    let today = tutor.get("/v1/booklets").await.expect(200);
    let db = Database::connect(world.state.config.database_url.expose_secret())
        .await
        .unwrap();
    for state in Migrator::migrations().iter().rev() {
        Migrator::down(&db, Some(1)).await.unwrap();
        let before = counts(&db).await;
        Migrator::up(&db, Some(1)).await.unwrap();
        nothing_is_lost(&before, &counts(&db).await, state.name());
        if !before.contains_key("events") {
            break;
        }
        Migrator::down(&db, Some(1)).await.unwrap();
    }
    let first = counts(&db).await;
    assert!(first["booklets"] > 5 && first["notes"] > 5, "{first:?}");
    Migrator::up(&db, None).await.unwrap();
    nothing_is_lost(&first, &counts(&db).await, "today");
    db.close().await.unwrap();
    let shown = tutor.get("/v1/booklets").await.expect(200);
    let ids = |page: &serde_json::Value| -> Vec<serde_json::Value> {
        let items = page["items"].as_array().unwrap().iter();
        items.map(|booklet| booklet["id"].clone()).collect()
    };
    assert_eq!(ids(&shown), ids(&today));
}

/// No table that was there has fewer rows.
#[track_caller]
fn nothing_is_lost(before: &BTreeMap<String, i64>, after: &BTreeMap<String, i64>, state: &str) {
    for (table, count) in before {
        let kept = after.get(table).copied();
        assert!(
            kept.is_some_and(|kept| kept >= *count),
            "{state}: {table} had {count} rows and has {kept:?}"
        );
    }
}

/// How many rows each table has.
async fn counts(db: &DatabaseConnection) -> BTreeMap<String, i64> {
    let tables = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        }
        _ => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    };
    let tables = Statement::from_string(db.get_database_backend(), tables);
    let mut counted = BTreeMap::new();
    for table in db.query_all_raw(tables).await.unwrap() {
        let table: String = table.try_get("", "name").unwrap();
        if table == MIGRATIONS {
            continue;
        }
        let count = Query::select()
            .expr(Expr::col(Asterisk).count())
            .from(table.clone())
            .to_owned();
        let row = db.query_one(&count).await.unwrap().unwrap();
        counted.insert(table, row.try_get_by_index(0).unwrap());
    }
    counted
}
