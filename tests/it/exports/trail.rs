//! Who takes data away is told, to the coordinators and to those whose data it is.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Client, World};

use crate::it::accesses::written;
use crate::world;

async fn accesses(world: &World, client: &Client, path: &str) -> Vec<Value> {
    written(world).await;
    let page = client.get(path).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_export_is_a_read_of_its_table() {
    let world = world().await;
    let claire = world.as_("claire");
    claire.get("/v1/exports/notes").await.text(200);
    claire.get("/v1/exports/users?format=jsonl").await.text(200);
    assert_eq!(claire.get("/v1/exports/archive").await.status, 200);
    let refused = world.as_("tom").get("/v1/exports/archive").await;
    refused.refused(403, "forbidden");
    let lines = accesses(&world, &claire, "/v1/accesses").await;
    let told: Vec<(&str, &str, &str)> = lines
        .iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap();
            (text("operation"), text("resource"), text("outcome"))
        })
        .collect();
    assert_eq!(
        told,
        [
            ("export_organization", "exports", "refused"),
            ("export_organization", "exports", "ok"),
            ("export_dataset", "users", "ok"),
            ("export_dataset", "notes", "ok"),
        ]
    );
    assert!(lines.iter().all(|line| line["kind"] == "read"));
    assert!(lines.iter().all(|line| line["booklet_id"].is_null()));
}

#[tokio::test]
async fn a_candidate_is_told_of_the_exports_that_held_their_booklet() {
    let world = world().await;
    let claire = world.as_("claire");
    let of_nadia = format!("/v1/exports/notes?booklet_id={}", world.booklet_id("nadia"));
    for path in [
        "/v1/exports/users",
        "/v1/exports/notes",
        &of_nadia,
        "/v1/exports/archive",
    ] {
        assert_eq!(claire.get(path).await.status, 200);
    }
    world.as_("rose").get("/v1/exports/notes").await.text(200);
    let told = async |reader: &str, candidate: &str| -> Vec<String> {
        let at = world.booklet(candidate, "accesses");
        let lines = accesses(&world, &world.as_(reader), &at).await;
        let exports = lines.iter().filter_map(|line| {
            let operation = line["operation"].as_str()?;
            operation.starts_with("export_").then(|| {
                assert_eq!(line["actor_role"], "coordinator");
                format!("{operation} {}", line["resource"].as_str().unwrap())
            })
        });
        exports.collect()
    };
    let both = ["export_organization exports", "export_dataset notes"];
    let three = [
        "export_organization exports",
        "export_dataset notes",
        "export_dataset notes",
    ];
    assert_eq!(told("samira", "samira").await, both);
    assert_eq!(told("tom", "samira").await, both);
    assert_eq!(told("nadia", "nadia").await, three);
    assert_eq!(told("claire", "nadia").await, three);
    assert_eq!(told("rita", "rita").await, ["export_dataset notes"]);
    // Whoever may not read the booklet learns nothing.
    for stranger in ["tina", "rose", "rita"] {
        let at = world.booklet("samira", "accesses");
        world.as_(stranger).get(&at).await.refused(404, "not_found");
    }
    // What was taken before a booklet was opened did not hold it.
    world.clock.advance(TimeDelta::minutes(1));
    let new =
        json!({ "candidate_id": world.candidate_id("samira"), "tutor_id": world.user_id("tom") });
    let new = claire.post("/v1/booklets", new).await.expect(201);
    let at = format!("/v1/booklets/{}/accesses", new["id"].as_str().unwrap());
    assert_eq!(accesses(&world, &claire, &at).await, Vec::<Value>::new());
}
