//! A transaction is kept whole or not at all, whatever happens in its midst (ADR 21).

use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::json;
use tests::World;

use crate::world;

/// A world with a table of its own, whose first row is there.
async fn world_with_a_table() -> World {
    let world = world().await;
    let writer = world.state.db.writer();
    let table = "CREATE TABLE kept (what VARCHAR(20) PRIMARY KEY)";
    writer.execute_unprepared(table).await.unwrap();
    let first = "INSERT INTO kept VALUES ('first')";
    writer.execute_unprepared(first).await.unwrap();
    world
}

/// How many rows of the table others see.
async fn kept(world: &World) -> i64 {
    let reader = world.state.db.reader();
    let backend = reader.get_database_backend();
    let count = Statement::from_string(backend, "SELECT count(*) FROM kept");
    let row = reader.query_one_raw(count).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn what_stands_beside_a_failure_in_a_transaction_is_not_kept() {
    let world = world_with_a_table().await;
    let txn = world.state.db.begin().await.unwrap();
    let statement = "INSERT INTO kept VALUES ('before')";
    txn.execute_unprepared(statement).await.unwrap();
    let failing = "INSERT INTO kept VALUES ('first')";
    txn.execute_unprepared(failing).await.unwrap_err();
    let refused = "INSERT INTO kept VALUES ('after')";
    txn.execute_unprepared(refused).await.unwrap_err();
    txn.commit().await.unwrap_err();
    assert_eq!(kept(&world).await, 1);
}

#[tokio::test]
async fn a_statement_that_nobody_waits_for_ends_its_transaction() {
    let world = world_with_a_table().await;
    for round in 0.. {
        let txn = world.state.db.begin().await.unwrap();
        let statement = "INSERT INTO kept VALUES ('perhaps')";
        // A database that is quick has answered at once.
        if txn.execute_unprepared(statement).now_or_never().is_none() {
            txn.commit().await.unwrap_err();
            break;
        }
        assert!(round < 100, "always answered at once");
    }
    assert_eq!(kept(&world).await, 1);
}

#[tokio::test]
async fn what_is_written_after_a_transaction_that_nobody_waited_for_is_kept() {
    let world = world_with_a_table().await;
    let db = &world.state.db;
    let (mut given_up, mut row) = (0, 0);
    while given_up < 10 {
        // Connections are there, so that BEGIN is what is given up.
        db.begin().await.unwrap().rollback().await.unwrap();
        let begun = async {
            let txn = db.begin().await.unwrap();
            // With its first statement, on SQLite.
            txn.execute_unprepared("SELECT 1").await.unwrap();
        };
        given_up += u32::from(begun.now_or_never().is_none());
        let statement = format!("INSERT INTO kept VALUES ('row {row}')");
        db.writer().execute_unprepared(&statement).await.unwrap();
        row += 1;
        assert_eq!(kept(&world).await, row + 1, "as others see it");
        assert!(row < 1000, "BEGIN is always answered at once");
    }
}

/// PostgreSQL ends a connection with its answer, as when it restarts: nobody is given that one again.
#[tokio::test]
async fn the_next_statement_is_answered_whatever_became_of_the_connection_before() {
    let world = world_with_a_table().await;
    let writer = world.state.db.writer();
    let ending = match writer.get_database_backend() {
        DbBackend::Postgres => "SELECT pg_terminate_backend(pg_backend_pid())",
        _ => "SELECT nothing FROM nowhere",
    };
    for round in 1..=10 {
        writer.execute_unprepared(ending).await.unwrap_err();
        let txn = world.state.db.begin().await.unwrap();
        txn.execute_unprepared(ending).await.unwrap_err();
        drop(txn);
        let statement = format!("INSERT INTO kept VALUES ('row {round}')");
        writer.execute_unprepared(&statement).await.unwrap();
        assert_eq!(kept(&world).await, round + 1);
    }
}

/// Each of them waited up to eight seconds, on a connection that others needed.
#[tokio::test]
async fn who_waits_for_a_locked_row_is_told_soon_and_keeps_nobody_else_waiting() {
    let world = world().await;
    let db = &world.state.db;
    let holding = db.begin().await.unwrap();
    let lock = match holding.get_database_backend() {
        DbBackend::Postgres => format!(
            "SELECT 1 FROM booklets WHERE id = '{}' FOR UPDATE",
            world.booklet_id("samira")
        ),
        _ => "UPDATE booklets SET version = version".to_owned(),
    };
    holding.execute_unprepared(&lock).await.unwrap();
    let (tom, notes) = (world.as_("tom"), world.booklet("samira", "notes"));
    let note = || json!({ "body": "J'attends.", "visibility": "shared" });

    let began = Instant::now();
    let waiters = join_all((0..20).map(|_| tom.post(&notes, note())));
    let elsewhere = async {
        // All of them wait by then.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let (remi, notes) = (world.as_("remi"), world.booklet("rita", "notes"));
        remi.post(&notes, note()).await
    };
    let (waiters, elsewhere) = tokio::join!(waiters, elsewhere);
    for waiter in waiters {
        waiter.refused(503, "unavailable");
    }
    assert!(
        began.elapsed() < Duration::from_secs(3),
        "one after the other"
    );
    match holding.get_database_backend() {
        DbBackend::Postgres => drop(elsewhere.expect(201)),
        _ => drop(elsewhere.refused(503, "unavailable")),
    }
    holding.rollback().await.unwrap();
    tom.post(&notes, note()).await.expect(201);
}
