//! How many statements each operation sends to the database when it does what it is for, authentication
//! included: a table that is committed, so that growth is seen and decided on.

use std::collections::BTreeMap;
use std::fmt::Write;

use sea_orm::{ConnectionTrait, DbBackend};

use super::*;

/// Has the table written anew: `LIVRET_WRITE_STATEMENTS=1 cargo test -p tests statements -- --test-threads 1`, on
/// both databases one after the other.
const WRITE: &str = "LIVRET_WRITE_STATEMENTS";

const HEAD: &str = "\
# Statements of each operation's example on the demo data (`tests/it/examples/statements.rs`): SQLite, PostgreSQL.
# BEGIN and COMMIT are not counted. Written anew by LIVRET_WRITE_STATEMENTS=1, with --test-threads 1.
";

/// By operation: the statements on SQLite and on PostgreSQL.
type Table = BTreeMap<String, [u64; 2]>;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("it/examples/statements.txt")
}

fn read() -> Table {
    let text = std::fs::read_to_string(file()).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let count = |at: usize| words[at].parse().unwrap();
        (words[0].to_owned(), [count(1), count(2)])
    };
    lines.map(line).collect()
}

fn write(table: &Table) {
    let mut text = HEAD.to_owned();
    for (id, [sqlite, postgres]) in table {
        writeln!(text, "{id} {sqlite} {postgres}").unwrap();
    }
    std::fs::write(file(), text).unwrap();
}

/// What an example costs on a demo of its own; its answer is the one that the contract gives.
async fn spent(demo: &Demo, request: &Request) -> (String, u64) {
    let world = demo.copy().await;
    let client = demo.client(&world, &request.account);
    // Whoever comes first is looked up beforehand, and gives places in the feed.
    client.get("/v1/me").await;
    if request.operation.path.starts_with("/v1/changes") {
        client.get("/v1/changes").await.expect(200);
    }
    let before = world.state.db.statements();
    let answer = request.send(demo, &world).await;
    let count = world.state.db.statements() - before;
    let id = request.operation.id.clone();
    assert_eq!(
        answer.status,
        request.expected_status(),
        "{id}: {:#}",
        answer.body
    );
    (id, count)
}

/// What it costs at the least: a file that was sent may be checked meanwhile.
async fn least(demo: &Demo, request: &Request, bound: u64) -> (String, u64) {
    let (id, mut count) = spent(demo, request).await;
    for _ in 0..5 {
        if count > bound {
            count = count.min(spent(demo, request).await.1);
        }
    }
    (id, count)
}

#[tokio::test]
async fn no_operation_sends_more_statements_than_it_did() {
    let demo = crate::demo(ANOTHER_DAY).await;
    let column = match demo.copy().await.state.db.reader().get_database_backend() {
        DbBackend::Sqlite => 0,
        _ => 1,
    };
    // Streams end when they like.
    let of_somebody = |request: &Request| {
        request.operation.policy().is_some() && !request.operation.id.starts_with("stream_")
    };
    let requests = request::all(&demo).into_iter().filter(of_somebody);
    let known = read();
    let spent: Vec<(String, u64)> = stream::iter(requests)
        .map(|request| {
            let bound = known.get(&request.operation.id);
            let bound = bound.map_or(0, |bounds| bounds[column]);
            let demo = &demo;
            async move { least(demo, &request, bound).await }
        })
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await;
    if std::env::var_os(WRITE).is_some() {
        let mut table = Table::new();
        for (id, count) in spent {
            let mut row = known.get(&id).copied().unwrap_or_default();
            row[column] = count;
            table.insert(id, row);
        }
        write(&table);
        return;
    }
    let is_known = |(id, _): &&(String, u64)| known.get(id).is_some_and(|row| !row.contains(&0));
    let unknown: Vec<_> = spent.iter().filter(|one| !is_known(one)).collect();
    assert!(
        unknown.is_empty() && known.len() == spent.len(),
        "statements.txt lacks {unknown:?}, or has operations that are no more: {WRITE}=1 cargo test \
         -p tests --test on_sqlite --test on_postgres statements -- --test-threads 1"
    );
    let grown = spent.iter().filter(|(id, count)| {
        let bounds = known.get(id);
        bounds.is_none_or(|bounds| *count > bounds[column])
    });
    let grown: Vec<_> = grown.collect();
    assert!(grown.is_empty(), "more than in statements.txt: {grown:?}");
}
