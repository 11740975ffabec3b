//! Several instances, and instances that are killed: each row is applied once.

use std::time::Duration;

use api::program::server::run_imports;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::Value;
use tests::World;

use super::{counts, read, send};
use crate::world;

fn file(rows: usize) -> String {
    let mut file = "external_id,given_name,family_name\n".to_owned();
    for row in 0..rows {
        file.push_str(&format!("C-{row},Inès,Roy {row}\n"));
    }
    file
}

async fn all(world: &World) -> usize {
    let rows = crate::it::rows::everything(world).await;
    let made = rows["candidates"].iter().filter(|row| row.contains("Roy "));
    made.count()
}

/// Lets an instance work until this holds, and kills it.
async fn killed_when(world: &World, id: &Value, holds: fn(&Value) -> bool) {
    let state = world.state.clone();
    let work = tokio::spawn(async move { run_imports(&state).await });
    while !holds(&read(world, id).await) {
        assert!(!work.is_finished(), "it was faster than its killer");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    work.abort();
    assert!(work.await.is_err());
}

#[tokio::test]
async fn a_check_that_is_killed_goes_on_elsewhere_and_each_row_is_applied_once() {
    let world = world().await;
    let sent = send(&world, "claire", "&apply=all_or_nothing", file(6000)).await;
    let id = sent.expect(201)["id"].clone();
    killed_when(&world, &id, |import| import["rows_checked"] != 0).await;
    let twin = world.twin().await;
    // Nobody takes it from who may still be at work.
    run_imports(&twin.state).await.unwrap();
    assert_eq!(read(&world, &id).await["state"], "checking");
    world.clock.advance(TimeDelta::minutes(2));
    run_imports(&twin.state).await.unwrap();
    assert_eq!(counts(&read(&world, &id).await), ("done", [6000, 0, 0, 0]));
    assert_eq!(all(&world).await, 6000);
}

#[tokio::test]
async fn an_application_that_is_killed_leaves_nothing_and_is_done_elsewhere() {
    let world = world().await;
    let sent = send(&world, "claire", "&apply=all_or_nothing", file(6000)).await;
    let id = sent.expect(201)["id"].clone();
    killed_when(&world, &id, |import| import["state"] == "applying").await;
    let after = read(&world, &id).await;
    assert_eq!(
        (&after["state"], all(&world).await),
        (&"applying".into(), 0)
    );
    let twin = world.twin().await;
    world.clock.advance(TimeDelta::minutes(2));
    run_imports(&twin.state).await.unwrap();
    assert_eq!(counts(&read(&world, &id).await), ("done", [6000, 0, 0, 0]));
    assert_eq!(all(&world).await, 6000);
}

#[tokio::test]
async fn two_instances_at_once_apply_each_row_once() {
    let world = world().await;
    let twin = world.twin().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let sent = send(&world, "claire", "&apply=all_or_nothing", file(1200)).await;
        ids.push(sent.expect(201)["id"].clone());
    }
    let work = [&world, &twin, &world, &twin].map(|world| run_imports(&world.state));
    for worked in join_all(work).await {
        // Two that name the same objects at the same moment: one looks again.
        assert!(
            worked.is_ok()
                || worked.is_err_and(|problem| problem.code() == api::kit::Code::Unavailable)
        );
    }
    world.clock.advance(TimeDelta::minutes(2));
    run_imports(&world.state).await.unwrap();
    let mut made = Vec::new();
    for id in &ids {
        let import = read(&world, id).await;
        let (state, rows) = counts(&import);
        assert_eq!((state, rows[0] + rows[2]), ("done", 1200), "{import:#}");
        made.push(rows[0]);
    }
    assert_eq!(made.iter().sum::<i64>(), 1200);
    assert_eq!(all(&world).await, 1200);
}

#[tokio::test]
async fn a_check_that_is_cancelled_stops() {
    let world = world().await;
    let sent = send(&world, "claire", "&apply=all_or_nothing", file(6000)).await;
    let id = sent.expect(201)["id"].clone();
    let state = world.state.clone();
    let work = tokio::spawn(async move { run_imports(&state).await });
    let path = format!("/v1/imports/{}/cancel", id.as_str().unwrap());
    world.as_("claire").act(&path).await.expect(200);
    work.await.unwrap().unwrap();
    let import = read(&world, &id).await;
    assert_eq!(import["state"], "cancelled");
    assert_eq!(all(&world).await, 0);
}
