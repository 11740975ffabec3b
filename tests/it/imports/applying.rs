//! What an applied file leaves: objects, events, nothing of itself.

use api::program::server::run_imports;
use serde_json::{Value, json};

use super::{applied, apply, candidate, candidates, checked, counts, faults, read, send};
use crate::it::rows::everything;
use crate::world;

const FILE: &str = "external_id,given_name,family_name,email\n\
    C-1,Inès,Roy,Ines@Courriel.example\nC-2,Paul,Roy,\nC-3,Eve,Roy,\n";

#[tokio::test]
async fn the_same_file_sent_again_changes_nothing() {
    let world = world().await;
    assert_eq!(counts(&applied(&world, FILE).await), ("done", [3, 0, 0, 0]));
    let once = candidate(&world, "C-1").await;
    assert_eq!(once["email"], "ines@courriel.example");
    assert_eq!(counts(&applied(&world, FILE).await), ("done", [0, 0, 3, 0]));
    assert_eq!(candidate(&world, "C-1").await, once);
    let other = FILE.replace("Paul", "Paule");
    assert_eq!(
        counts(&applied(&world, &other).await),
        ("done", [0, 1, 2, 0])
    );
    let paule = candidate(&world, "C-2").await;
    assert_eq!(
        (&paule["given_name"], &paule["version"]),
        (&json!("Paule"), &json!(2))
    );
}

#[tokio::test]
async fn each_object_has_its_event_by_whoever_applied_and_the_rows_are_gone() {
    let world = world().await;
    let import = checked(&world, FILE).await;
    assert_eq!(counts(&import), ("ready", [3, 0, 0, 0]));
    let done = apply(&world, &import, "all_or_nothing").await;
    assert_eq!(done["author_id"], json!(world.user_id("claire")));
    assert!(done["finished_at"].is_string());
    let rows = everything(&world).await;
    let kinds = [
        "candidate.created",
        "import.created",
        "import.checked",
        "import.applied",
    ];
    let count = |kind: &str| {
        rows["events"]
            .iter()
            .filter(|row| row.contains(kind))
            .count()
    };
    assert_eq!(kinds.map(count), [3, 1, 1, 1]);
    assert!(rows.get("import_rows").is_none_or(Vec::is_empty));
    let told = format!("{:?}", rows["events"]);
    assert!(!told.contains("Inès") && !told.contains("courriel"));
}

#[tokio::test]
async fn an_import_is_applied_once_and_only_when_it_is_ready() {
    let world = world().await;
    let claire = world.as_("claire");
    let sent = send(&world, "claire", "", FILE).await.expect(201);
    let path = format!("/v1/imports/{}/apply", sent["id"].as_str().unwrap());
    claire.act(&path).await.refused(409, "invalid_transition");
    run_imports(&world.state).await.unwrap();
    let ready = read(&world, &sent["id"]).await;
    let stale = [("if-match", "\"1\"")];
    let answer = claire
        .send(reqwest::Method::POST, &path, None, &stale)
        .await;
    answer.refused(412, "stale");
    let etag = ready["etag"].as_str().unwrap();
    let present = [("if-match", etag)];
    let answer = claire
        .send(reqwest::Method::POST, &path, None, &present)
        .await;
    assert_eq!(answer.expect(200)["state"], "applying");
    claire.act(&path).await.refused(409, "invalid_transition");
    let cancel = path.replace("apply", "cancel");
    claire.act(&cancel).await.refused(409, "invalid_transition");
    run_imports(&world.state).await.unwrap();
    claire.act(&path).await.refused(409, "invalid_transition");
    assert_eq!(
        counts(&read(&world, &sent["id"]).await),
        ("done", [3, 0, 0, 0])
    );
}

#[tokio::test]
async fn what_changed_since_the_check_is_seen_and_nothing_is_written() {
    let world = world().await;
    let tom = world.user_id("samira");
    let user = json!({ "email": "zoe@livret.example", "given_name": "Zoé", "family_name": "Roy", "role": "candidate" });
    let claire = world.as_("claire");
    let zoe = claire.post("/v1/users", user).await.expect(201);
    let zoe = zoe["id"].as_str().unwrap();
    let file =
        format!("external_id,given_name,family_name,user_id\nC-1,Ana,Roy,\nC-2,Zoé,Roy,{zoe}\n");
    let import = checked(&world, &file).await;
    assert_eq!(counts(&import), ("ready", [2, 0, 0, 0]), "{tom}");
    let linked = json!({ "given_name": "Zoé", "family_name": "Roy", "user_id": zoe });
    claire.post("/v1/candidates", linked).await.expect(201);
    let before = candidates(&world).await;
    let failed = apply(&world, &import, "all_or_nothing").await;
    assert_eq!(counts(&failed), ("failed", [0, 0, 0, 1]));
    assert_eq!(failed["reason"], "import_faulty");
    assert_eq!(faults(&world, &failed).await[0].3, "taken");
    assert_eq!(candidates(&world).await, before);
}

#[tokio::test]
async fn what_was_made_since_the_check_is_changed_and_not_doubled() {
    let world = world().await;
    let import = checked(&world, FILE).await;
    let made = json!({ "given_name": "Inès", "family_name": "Autre", "external_references": [{"system": "crm", "external_id": "C-1"}] });
    let made = world
        .as_("claire")
        .post("/v1/candidates", made)
        .await
        .expect(201);
    let done = apply(&world, &import, "all_or_nothing").await;
    assert_eq!(counts(&done), ("done", [2, 1, 0, 0]));
    let ines = candidate(&world, "C-1").await;
    assert_eq!(
        (&ines["id"], &ines["family_name"]),
        (&made["id"], &json!("Roy"))
    );
}

#[tokio::test]
async fn rows_without_a_name_in_another_system_are_made_each_time() {
    let world = world().await;
    let before = candidates(&world).await;
    let file = "given_name,family_name\nInès,Roy\nInès,Roy\n";
    assert_eq!(counts(&applied(&world, file).await), ("done", [2, 0, 0, 0]));
    assert_eq!(counts(&applied(&world, file).await), ("done", [2, 0, 0, 0]));
    assert_eq!(candidates(&world).await, before + 4);
}

#[tokio::test]
async fn a_row_without_a_name_in_a_file_that_gives_names_is_a_fault() {
    let world = world().await;
    let before = candidates(&world).await;
    let file = "external_id,given_name,family_name\nC-1,Inès,Roy\n ,Paul,Roy\n";
    let import = applied(&world, file).await;
    assert_eq!(counts(&import), ("ready", [1, 0, 0, 1]));
    let nameless = (3, json!(1), "/external_id".into(), "required".into());
    assert_eq!(faults(&world, &import).await, [nameless]);
    assert_eq!(candidates(&world).await, before);
}

#[tokio::test]
async fn what_waits_longer_than_a_week_is_cancelled_and_its_rows_go() {
    let world = world().await;
    let import = checked(&world, FILE).await;
    world.advance_days(6);
    api::program::server::forget_imports(&world.state)
        .await
        .unwrap();
    assert_eq!(read(&world, &import["id"]).await["state"], "ready");
    world.advance_days(2);
    api::program::server::forget_imports(&world.state)
        .await
        .unwrap();
    assert_eq!(read(&world, &import["id"]).await["state"], "cancelled");
    let rows = everything(&world).await;
    assert!(rows.get("import_rows").is_none_or(Vec::is_empty));
    world.advance_days(91);
    api::program::server::forget_imports(&world.state)
        .await
        .unwrap();
    let none: Value = world.as_("claire").get("/v1/imports").await.expect(200);
    assert_eq!(none["items"], json!([]));
}
