//! How many statements each operation sends to the database, authentication included: a table that
//! is committed, so that growth is seen and decided on.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

use sea_orm::{ConnectionTrait, DbBackend};

use super::*;

/// Has the table written anew: `LIVRET_WRITE_STATEMENTS=1 cargo test -p tests statements`, on both
/// databases one after the other.
const WRITE: &str = "LIVRET_WRITE_STATEMENTS";

const HEAD: &str = "\
# Statements of each operation on the objects of the walks (`tests/it/walks/statements.rs`): its answer, SQLite,
# PostgreSQL. BEGIN and COMMIT are not counted. Written anew by LIVRET_WRITE_STATEMENTS=1, with --test-threads 1.
";

/// By operation: the answer's status, and the statements on SQLite and on PostgreSQL.
type Table = BTreeMap<String, (u16, [u64; 2])>;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("it/walks/statements.txt")
}

fn read() -> Table {
    let text = std::fs::read_to_string(file()).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let count = |at: usize| words[at].parse().unwrap();
        let status = words[1].parse().unwrap();
        (words[0].to_owned(), (status, [count(2), count(3)]))
    };
    lines.map(line).collect()
}

fn write(table: &Table) {
    let mut text = HEAD.to_owned();
    for (id, (status, [sqlite, postgres])) in table {
        writeln!(text, "{id} {status} {sqlite} {postgres}").unwrap();
    }
    std::fs::write(file(), text).unwrap();
}

/// What it costs at the least: a file that was sent to have an object may be checked meanwhile.
async fn least(world: &World, operation: &Operation, bound: u64) -> (u16, u64) {
    let (status, mut count) = spent(world, operation).await;
    for _ in 0..5 {
        if count > bound {
            count = count.min(spent(world, operation).await.1);
        }
    }
    (status, count)
}

/// What an operation costs on an object of its own.
async fn spent(world: &World, operation: &Operation) -> (u16, u64) {
    let case = Case::of(world, operation).await;
    let body = objects::body(world, operation, case.name);
    let body = body.or_else(|| operation.example()).unwrap_or_default();
    let client = case.client(world);
    // Whoever reads the feed first gives places in it.
    if operation.id == "list_changes" {
        world.as_("claire").get("/v1/changes").await.expect(200);
    }
    let before = world.state.db.statements();
    let answer = play_with(&client, operation, &case.path, body).await;
    (answer.status, world.state.db.statements() - before)
}

#[tokio::test]
async fn no_operation_sends_more_statements_than_it_did() {
    let world = world().await;
    let column = match world.state.db.reader().get_database_backend() {
        DbBackend::Sqlite => 0,
        _ => 1,
    };
    let mut table = read();
    let is_asked = std::env::var_os(WRITE).is_some();
    let mut grown = Vec::new();
    for operation in Operation::all() {
        // It waits, or is nobody's.
        if operation.policy().is_none() || operation.id == "stream_changes" {
            continue;
        }
        let id = &operation.id;
        let bound = table.get(id).map_or(0, |(_, bounds)| bounds[column]);
        let (status, count) = least(&world, &operation, bound).await;
        if is_asked {
            let row = table.entry(id.clone()).or_default();
            row.0 = status;
            row.1[column] = count;
            continue;
        }
        match table.get(id) {
            Some((known, bounds)) if *known == status && count <= bounds[column] => {}
            Some((known, bounds)) => grown.push(format!(
                "{id}: {count} statements for {status}, of {} for {known}",
                bounds[column]
            )),
            None => grown.push(format!("{id}: not in the table ({WRITE})")),
        }
    }
    if is_asked {
        write(&table);
    }
    assert!(grown.is_empty(), "{}", grown.join("\n"));
}
