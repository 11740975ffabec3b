//! Rows that the service did not write.

use super::*;

#[tokio::test]
async fn a_row_inserted_into_the_past_is_told_though_the_service_chains_it() {
    let world = chained().await;
    work(&world).await;
    let yesterday = world.clock.now() - TimeDelta::days(1);
    insert(&world, yesterday).await;
    tells(&report(&world).await, &["in no chain", "700000"]);
    // First it is told from the rows before it, then nothing more can hide it; but a clock that is
    // wrong looks the same.
    extend(&world).await;
    work(&world).await;
    extend(&world).await;
    let found = report(&world).await;
    assert_eq!(found.faults, 0, "{:?}", found.sentences);
    assert!(
        found.notes.concat().contains("event 700000"),
        "{:?}",
        found.notes
    );
}

#[tokio::test]
async fn a_line_of_the_access_log_that_the_service_did_not_write_is_never_chained() {
    let world = chained().await;
    let row = an_access(&world).await;
    for (sequence, link) in [
        (800_000, None),
        (-20_000, None),
        (800_001, Some(1)),
        (800_002, Some(5)),
    ] {
        let forged = access_entry::ActiveModel {
            sequence: Set(sequence),
            link: Set(link),
            ..row.clone().into_active_model().reset_all()
        };
        forged.insert(world.state.db.writer()).await.unwrap();
    }
    assert_eq!(extend(&world).await, 0);
    tells(
        &report(&world).await,
        &["4 access rows are in no chain", "from -20000 to 800002"],
    );
}
