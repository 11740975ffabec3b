//! Whose import comes next: that of the organization whose last turn is longest ago.

use api::program::server::run_imports;
use serde_json::Value;
use tests::World;

use super::send;
use crate::world;

/// Where in the trail of all organizations this import was told of so.
async fn told(world: &World, id: &Value, kind: &str) -> i64 {
    let rows = crate::it::rows::events(world, "import").await;
    let mut rows = rows.iter().filter(|row| row.kind == kind);
    let found = rows.find(|row| row.resource_id.to_string() == *id.as_str().unwrap());
    found.map(|row| row.sequence).unwrap()
}

#[tokio::test]
async fn many_imports_of_one_organization_delay_that_of_another_by_one_turn() {
    let world = world().await;
    let mut theirs = Vec::new();
    for n in 0..4 {
        let file = format!("external_id,given_name,family_name\nC-{n},Inès,Roy\n");
        let sent = send(&world, "claire", "&apply=all_or_nothing", file).await;
        theirs.push(sent.expect(201)["id"].clone());
    }
    let file = "external_id,given_name,family_name\nC-1,Paul,Roy\n";
    let sent = send(&world, "rose", "&apply=all_or_nothing", file).await;
    let other = sent.expect(201)["id"].clone();
    run_imports(&world.state).await.unwrap();
    let applied = told(&world, &other, "import.applied").await;
    // Turn about: one's check, the other's check, one's application, the other's.
    assert!(told(&world, &theirs[0], "import.applied").await < applied);
    for id in &theirs[1..] {
        assert!(applied < told(&world, id, "import.checked").await);
    }
}

#[tokio::test]
async fn a_large_file_is_checked_in_several_turns() {
    let world = world().await;
    let file = format!("given_name,family_name\n{}", "Inès,Roy\n".repeat(10_001));
    let large = send(&world, "claire", "", file).await.expect(201)["id"].clone();
    let file = "given_name,family_name\nPaul,Roy\n";
    let small = send(&world, "rose", "", file).await.expect(201)["id"].clone();
    run_imports(&world.state).await.unwrap();
    let large_one = super::read(&world, &large).await;
    assert_eq!(large_one["rows_checked"], 10_001);
    let small = told(&world, &small, "import.checked").await;
    assert!(small < told(&world, &large, "import.checked").await);
}
