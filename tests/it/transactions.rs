//! A transaction is kept whole or not at all, whatever happens in its midst (ADR 21).

use futures_util::FutureExt;
use sea_orm::{ConnectionTrait, Statement};
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
        given_up += u32::from(db.begin().now_or_never().is_none());
        let statement = format!("INSERT INTO kept VALUES ('row {row}')");
        db.writer().execute_unprepared(&statement).await.unwrap();
        row += 1;
        assert_eq!(kept(&world).await, row + 1, "as others see it");
        assert!(row < 1000, "BEGIN is always answered at once");
    }
}
