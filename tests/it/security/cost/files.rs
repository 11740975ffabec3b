//! A large file that is applied: all of it at once, and others write meanwhile.

use std::time::Duration;

use api::program::server::run_imports;
use serde_json::json;

use crate::it::imports::{counts, read, send};
use crate::world;

/// It used to keep SQLite's writer for as long as all its rows took; others were refused.
#[tokio::test]
async fn nobody_is_refused_a_write_while_a_file_is_applied() {
    let world = world().await;
    let rows = 6000;
    let row = |number| format!("C-{number},Inès,Quessandier {number}\n");
    let file: String = (0..rows).map(row).collect();
    let file = format!("external_id,given_name,family_name\n{file}");
    let sent = send(&world, "claire", "&apply=all_or_nothing", file).await;
    let id = sent.expect(201)["id"].clone();
    let state = world.state.clone();
    let work = tokio::spawn(async move { run_imports(&state).await });
    let (rose, claire) = (world.as_("rose"), world.as_("claire"));
    let body = || json!({ "given_name": "Une", "family_name": "Autre" });
    let mut seen = Vec::new();
    while !work.is_finished() {
        for writer in [&rose, &claire] {
            writer.post("/v1/candidates", body()).await.expect(201);
        }
        let found = claire.get("/v1/candidates?q=Quessandier&limit=1").await;
        let some = found.expect(200)["items"].as_array().unwrap().len();
        let done = read(&world, &id).await["state"] == "done";
        seen.push((some, done));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    work.await.unwrap().unwrap();
    assert_eq!(counts(&read(&world, &id).await), ("done", [rows, 0, 0, 0]));
    // Nobody saw a row of it that was not applied.
    let early = seen.iter().any(|(some, done)| *some > 0 && !done);
    assert!(!early, "{seen:?}");
}
