//! § 04: « Mes objectifs ».

use serde_json::{Value, json};
use tests::{Client, World};

use crate::world;

fn of_kind(kind: &str, statement: &str) -> Value {
    json!({ "kind": kind, "statement": statement })
}

async fn write(by: &Client, world: &World, statement: &str) -> String {
    let path = world.booklet("samira", "objectives");
    let body = of_kind("working", statement);
    let created = by.post(&path, body).await.expect(201);
    format!("/v1/objectives/{}", created["id"].as_str().unwrap())
}

/// (statement, position) of the whole list, as it comes.
async fn list(by: &Client, world: &World) -> Vec<(String, i64)> {
    let page = by
        .get(&world.booklet("samira", "objectives"))
        .await
        .expect(200);
    assert_eq!(page["next"], Value::Null);
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| {
            let statement = item["statement"].as_str().unwrap().to_owned();
            (statement, item["position"].as_i64().unwrap())
        })
        .collect()
}

fn in_order(statements: &str) -> Vec<(String, i64)> {
    statements
        .split_whitespace()
        .map(ToOwned::to_owned)
        .zip(1..)
        .collect()
}

#[tokio::test]
async fn a_candidate_writes_all_kinds_of_objectives() {
    let world = world().await;
    let samira = world.as_("samira");
    let path = world.booklet("samira", "objectives");
    for (kind, position) in ["project", "means", "expectation", "working"]
        .into_iter()
        .zip(1..)
    {
        let created = samira.post(&path, of_kind(kind, "  Obtenir un CAP ")).await;
        let location = created.header("location").unwrap().to_owned();
        assert_eq!(created.header("etag"), Some("\"1\""));
        let created = created.expect(201);
        assert_eq!(created["statement"], "Obtenir un CAP");
        assert_eq!(created["position"], position);
        assert_eq!(created["state"], "active");
        assert_eq!(samira.get(&location).await.expect(200), created);
    }
    let means = samira
        .get(&format!("{path}?kind=means&state=active"))
        .await
        .expect(200);
    assert_eq!(means["items"].as_array().unwrap().len(), 1);
    let dropped = samira
        .get(&format!("{path}?state=dropped"))
        .await
        .expect(200);
    assert_eq!(dropped["items"], json!([]));
}

#[tokio::test]
async fn a_tutor_writes_and_changes_working_objectives_alone() {
    let world = world().await;
    let (samira, tom) = (world.as_("samira"), world.as_("tom"));
    let path = world.booklet("samira", "objectives");
    for kind in ["project", "means", "expectation"] {
        tom.post(&path, of_kind(kind, "x"))
            .await
            .refused(403, "forbidden");
    }
    let project = samira
        .post(&path, of_kind("project", "Mon projet"))
        .await
        .expect(201);
    let project = format!("/v1/objectives/{}", project["id"].as_str().unwrap());
    tom.get(&project).await.expect(200);
    tom.patch(&project, json!({ "statement": "Le sien" }))
        .await
        .refused(404, "not_found");

    let working = write(&tom, &world, "Décrire une situation").await;
    tom.patch(&working, json!({ "due_on": "2026-12-15" }))
        .await
        .expect(200);
    tom.patch(&working, json!({ "kind": "project" }))
        .await
        .refused(403, "forbidden");
    tom.delete(&working).await.refused(403, "forbidden");
    samira
        .patch(&working, json!({ "kind": "means" }))
        .await
        .expect(200);
    samira.delete(&working).await.expect(204);
    samira.get(&working).await.refused(404, "not_found");
}

#[tokio::test]
async fn an_achieved_objective_has_its_day_and_no_other_has_one() {
    let world = world().await;
    let samira = world.as_("samira");
    let objective = write(&samira, &world, "x").await;
    let patch = |body| samira.patch(&objective, body);
    let achieved = patch(json!({ "state": "achieved" })).await.expect(200);
    assert_eq!(achieved["achieved_on"], json!(world.day(0)));
    let dropped = patch(json!({ "state": "dropped" })).await.expect(200);
    assert_eq!(dropped["achieved_on"], Value::Null);
    let given = json!({ "state": "achieved", "achieved_on": "2026-10-01" });
    assert_eq!(patch(given).await.expect(200)["achieved_on"], "2026-10-01");
    let active = patch(json!({ "state": "active" })).await.expect(200);
    assert_eq!(active["achieved_on"], Value::Null);
    let dated = patch(json!({ "achieved_on": "2026-10-02" }))
        .await
        .expect(200);
    assert_eq!(dated["state"], "achieved");
    patch(json!({ "state": "forgotten" })).await.expect(422);
}

#[tokio::test]
async fn objectives_keep_their_places_without_holes() {
    let world = world().await;
    let samira = world.as_("samira");
    let mut paths = Vec::new();
    for statement in ["a", "b", "c", "d"] {
        paths.push(write(&samira, &world, statement).await);
    }
    samira
        .patch(&paths[3], json!({ "position": 2 }))
        .await
        .expect(200);
    assert_eq!(list(&samira, &world).await, in_order("a d b c"));
    // Those that made way have a new version, the first one has not.
    assert_eq!(samira.get(&paths[0]).await.expect(200)["version"], 1);
    assert_eq!(samira.get(&paths[1]).await.expect(200)["version"], 2);

    samira.delete(&paths[0]).await.expect(204);
    assert_eq!(list(&samira, &world).await, in_order("d b c"));

    let first = json!({ "kind": "working", "statement": "e", "position": 1 });
    let path = world.booklet("samira", "objectives");
    samira.post(&path, first).await.expect(201);
    assert_eq!(list(&samira, &world).await, in_order("e d b c"));

    // A tutor moves a working objective: those of other kinds make way.
    samira
        .patch(&paths[1], json!({ "kind": "project" }))
        .await
        .expect(200);
    world
        .as_("tom")
        .patch(&paths[2], json!({ "position": 1 }))
        .await
        .expect(200);
    assert_eq!(list(&samira, &world).await, in_order("c e d b"));

    let beyond = samira.patch(&paths[1], json!({ "position": 5 })).await;
    assert_eq!(
        beyond.faults(),
        [("/position".to_owned(), "maximum".to_owned())]
    );
    assert_eq!(list(&samira, &world).await, in_order("c e d b"));
}

#[tokio::test]
async fn objectives_written_at_once_get_places_of_their_own() {
    let world = world().await;
    let samira = world.as_("samira");
    let path = world.booklet("samira", "objectives");
    let writes = (0..10).map(|_| samira.post(&path, of_kind("working", "x")));
    for answer in futures_util::future::join_all(writes).await {
        answer.expect(201);
    }
    let places: Vec<i64> = list(&samira, &world)
        .await
        .into_iter()
        .map(|(_, place)| place)
        .collect();
    assert_eq!(places, (1..=10).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_booklet_holds_two_hundred_objectives() {
    let world = world().await;
    let samira = world.as_("samira");
    let path = world.booklet("samira", "objectives");
    for _ in 0..200 {
        samira
            .post(&path, of_kind("working", "x"))
            .await
            .expect(201);
    }
    samira
        .post(&path, of_kind("working", "x"))
        .await
        .refused(409, "conflict");
}

#[tokio::test]
async fn strangers_reach_no_objective() {
    let world = world().await;
    let path = world.booklet("samira", "objectives");
    let item = write(&world.as_("samira"), &world, "x").await;
    for stranger in ["tina", "nadia", "rose", "remi", "rita"] {
        let stranger = world.as_(stranger);
        stranger.get(&path).await.refused(404, "not_found");
        stranger.get(&item).await.refused(404, "not_found");
    }
    for stranger in ["tina", "nadia"] {
        let stranger = world.as_(stranger);
        stranger
            .post(&path, of_kind("working", "x"))
            .await
            .refused(404, "not_found");
        stranger
            .patch(&item, json!({ "statement": "y" }))
            .await
            .refused(404, "not_found");
    }
    let claire = world.as_("claire");
    claire.get(&item).await.expect(200);
    claire
        .patch(&item, json!({ "statement": "y" }))
        .await
        .refused(404, "not_found");
    for never in ["paul", "vera", "crm", "ada"] {
        world.as_(never).get(&item).await.refused(403, "forbidden");
    }
}
