//! The migrations and the entities agree, every migration can be undone, and instances that start
//! together do not disturb one another.

use std::collections::BTreeSet;

use api::foundation::database;
use entity::*;
use migration::MigratorTrait;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, IdenStatic, Iterable, Statement};

use crate::empty_world;

#[tokio::test]
async fn the_migrations_make_what_the_entities_say() {
    let world = empty_world().await;
    let mut made = shape(world.state.db.reader()).await;
    // The migrations' own, and what triggers alone read.
    let is_ours =
        |line: &String| !line.starts_with("seaql_migrations.") && line != "gram_places.place";
    made.retain(is_ours);
    let (made, said) = (BTreeSet::from_iter(made), BTreeSet::from_iter(entities()));
    let (unsaid, unmade) = (&made - &said, &said - &made);
    assert!(
        unsaid.is_empty() && unmade.is_empty(),
        "in no entity, or not in `entities` below: {unsaid:#?}; in no migration: {unmade:#?}"
    );
}

/// A booklet's list begins with `booklet_id`, exports with `organization_id`.
#[tokio::test]
async fn what_belongs_to_a_booklet_is_found_by_it_and_by_its_organization() {
    let world = empty_world().await;
    let db = world.state.db.reader();
    let (columns, indexed) = (shape(db).await, BTreeSet::from_iter(indexed(db).await));
    let mut looked_at = 0;
    for table in columns
        .iter()
        .filter_map(|line| line.strip_suffix(".booklet_id"))
    {
        // Found by their webhook, and by their key.
        if ["webhook_deliveries", "idempotency_keys"].contains(&table) {
            continue;
        }
        for column in ["booklet_id", "organization_id"] {
            let name = format!("{table}.{column}");
            let is_there = indexed.contains(&name) || !columns.contains(&name);
            assert!(
                is_there,
                "the migration lacks an index that begins with {name}"
            );
        }
        looked_at += 1;
    }
    assert!(looked_at > 15, "{looked_at}");
}

#[tokio::test]
async fn migrations_go_down_and_up_again() {
    let world = empty_world().await;
    let config = &world.state.config;
    let before = shape(world.state.db.reader()).await;
    database::migrate_down(config, all_steps()).await.unwrap();
    let left = shape(world.state.db.reader()).await;
    assert!(
        left.iter()
            .all(|line| line.starts_with("seaql_migrations.")),
        "{left:#?}"
    );
    database::migrate(config).await.unwrap();
    assert_eq!(shape(world.state.db.reader()).await, before);
}

#[tokio::test]
async fn instances_that_start_together_migrate_once() {
    let world = empty_world().await;
    let config = &world.state.config;
    database::migrate_down(config, all_steps()).await.unwrap();
    let starts = futures_util::future::join_all((0..4).map(|_| database::migrate(config))).await;
    assert!(starts.iter().all(Result::is_ok), "{starts:?}");
}

fn all_steps() -> u32 {
    u32::try_from(migration::Migrator::migrations().len()).unwrap()
}

/// Every column of every entity.
fn entities() -> Vec<String> {
    let mut lines = Vec::new();
    columns::<access_entry::Entity>(&mut lines);
    columns::<account_token::Entity>(&mut lines);
    columns::<action_sheet::Entity>(&mut lines);
    columns::<api_key::Entity>(&mut lines);
    columns::<appointment::Entity>(&mut lines);
    columns::<audit_link::Entity>(&mut lines);
    columns::<booklet::Entity>(&mut lines);
    columns::<booklet_member::Entity>(&mut lines);
    columns::<break_glass::Entity>(&mut lines);
    columns::<candidate::Entity>(&mut lines);
    columns::<completed_action::Entity>(&mut lines);
    columns::<contract::Entity>(&mut lines);
    columns::<contract_template::Entity>(&mut lines);
    columns::<event::Entity>(&mut lines);
    columns::<external_reference::Entity>(&mut lines);
    columns::<feed::Entity>(&mut lines);
    columns::<follow_up::Entity>(&mut lines);
    columns::<idempotency_key::Entity>(&mut lines);
    columns::<identity_provider::Entity>(&mut lines);
    columns::<import::Entity>(&mut lines);
    columns::<import_fault::Entity>(&mut lines);
    columns::<import_row::Entity>(&mut lines);
    columns::<invitation::Entity>(&mut lines);
    columns::<mail::Entity>(&mut lines);
    columns::<merged_candidate::Entity>(&mut lines);
    columns::<name_gram::Entity>(&mut lines);
    columns::<note::Entity>(&mut lines);
    columns::<objective::Entity>(&mut lines);
    columns::<organization::Entity>(&mut lines);
    columns::<personal_contact::Entity>(&mut lines);
    columns::<plan::Entity>(&mut lines);
    columns::<plan_step::Entity>(&mut lines);
    columns::<plan_template::Entity>(&mut lines);
    columns::<pledge::Entity>(&mut lines);
    columns::<revoked_token::Entity>(&mut lines);
    columns::<service_account::Entity>(&mut lines);
    columns::<session::Entity>(&mut lines);
    columns::<sheet_answer::Entity>(&mut lines);
    columns::<sheet_item::Entity>(&mut lines);
    columns::<sign_in_limit::Entity>(&mut lines);
    columns::<signature::Entity>(&mut lines);
    columns::<stage_progress::Entity>(&mut lines);
    columns::<useful_address::Entity>(&mut lines);
    columns::<user::Entity>(&mut lines);
    columns::<vae_stage::Entity>(&mut lines);
    columns::<webhook::Entity>(&mut lines);
    columns::<webhook_delivery::Entity>(&mut lines);
    lines.sort();
    lines
}

fn columns<E: EntityTrait>(lines: &mut Vec<String>) {
    let table = E::default();
    lines.extend(
        E::Column::iter().map(|column| format!("{}.{}", table.table_name(), column.as_str())),
    );
}

/// Every column of every table of ours.
async fn shape(db: &database::Pool) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name || '.' || c.name AS line FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'"
        }
        _ => {
            "SELECT table_name || '.' || column_name AS line FROM information_schema.columns \
             WHERE table_schema = 'public'"
        }
    };
    lines(db, sql).await
}

/// The first column of every index of every table of ours.
async fn indexed(db: &database::Pool) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name || '.' || c.name AS line \
             FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) c \
             WHERE m.type = 'table' AND c.seqno = 0"
        }
        _ => {
            "SELECT t.relname || '.' || c.attname AS line FROM pg_index i \
             JOIN pg_class t ON t.oid = i.indrelid \
             JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum = i.indkey[0] \
             WHERE t.relnamespace = 'public'::regnamespace"
        }
    };
    lines(db, sql).await
}

async fn lines(db: &database::Pool, sql: &str) -> Vec<String> {
    let rows = db
        .query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap();
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| row.try_get("", "line").unwrap())
        .collect();
    lines.sort();
    lines
}
