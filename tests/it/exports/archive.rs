//! The whole organization in one file: complete, and provably so.

use std::collections::BTreeSet;
use std::io::Cursor;

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tests::{Client, World};
use zip::ZipArchive;

use super::{columns, datasets, lines, name, rows, told};

type Archive = ZipArchive<Cursor<Vec<u8>>>;

async fn archive(client: &Client) -> Archive {
    let answer = client.get("/v1/exports/archive").await;
    assert_eq!(answer.status, 200);
    ZipArchive::new(Cursor::new(answer.bytes)).unwrap()
}

fn content(archive: &mut Archive, file: &str) -> String {
    std::io::read_to_string(archive.by_name(file).unwrap()).unwrap()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn the_manifest_tells_the_truth_of_every_file() {
    let (demo, _world, claire) = told().await;
    let mut archive = archive(&claire).await;
    let manifest: Value = serde_json::from_str(&content(&mut archive, "manifest.json")).unwrap();
    assert_eq!(manifest["format"], "livret-export/1");
    assert_eq!(manifest["organization_id"], demo.names["horizon"]);
    let contract = content(&mut archive, "openapi.json");
    let hash = hexadecimal(&Sha256::digest(contract.as_bytes()));
    assert_eq!(manifest["openapi_sha256"], hash);
    let readme = content(&mut archive, "README.md");
    assert!(readme.contains("manifest.json"));
    let listed = datasets(&claire).await;
    let packed = manifest["datasets"].as_array().unwrap();
    assert_eq!(packed.len(), listed.len());
    for (packed, listed) in packed.iter().zip(&listed) {
        let name = name(listed);
        assert_eq!(packed["dataset"], name);
        assert_eq!(packed["columns"], listed["columns"]);
        let text = content(&mut archive, packed["file"].as_str().unwrap());
        assert_eq!(packed["bytes"], text.len(), "{name}");
        assert_eq!(packed["rows"], text.lines().count(), "{name}");
        let hash = hexadecimal(&Sha256::digest(text.as_bytes()));
        assert_eq!(packed["sha256"], hash, "{name}");
        assert_eq!(
            columns(listed).len(),
            packed["columns"].as_array().unwrap().len()
        );
        // The table alone says the same.
        assert_eq!(lines(&text), rows(&claire, name, "").await, "{name}");
    }
}

#[tokio::test]
async fn every_table_leaves_or_stays_for_a_reason() {
    let (_demo, world, claire) = told().await;
    let mut archive = archive(&claire).await;
    let manifest: Value = serde_json::from_str(&content(&mut archive, "manifest.json")).unwrap();
    let texts = |list: &str, field: &str| -> Vec<String> {
        let list = manifest[list].as_array().unwrap().iter();
        list.map(|one| one[field].as_str().unwrap().to_owned())
            .collect()
    };
    let mut told: BTreeSet<String> = texts("datasets", "dataset").into_iter().collect();
    for (dataset, table) in [("stages", "stage_progress"), ("accesses", "access_entries")] {
        assert!(told.remove(dataset));
        told.insert(table.to_owned());
    }
    for table in texts("not_exported", "table") {
        assert!(told.insert(table.clone()), "{table} leaves and stays");
    }
    assert!(
        texts("not_exported", "reason")
            .iter()
            .all(|reason| reason.len() > 20)
    );
    assert_eq!(
        told,
        tables(&world).await,
        "a new table needs a dataset, or a line in KEPT that says why not: api/src/outside/exports/datasets/mod.rs"
    );
}

/// All tables of the database.
async fn tables(world: &World) -> BTreeSet<String> {
    let db = world.state.db.reader();
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        }
        _ => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        }
    };
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    let names = rows.iter().map(|row| row.try_get("", "name").unwrap());
    names
        .filter(|name: &String| name != "seaql_migrations")
        .collect()
}
