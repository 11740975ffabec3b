//! § 05: plans to start from.

use serde_json::{Value, json};

use crate::world;

/// The shipped generic plan.
const GENERIC: &str = "/v1/plan-templates/019b76da-a800-7003-89a9-810a7ecd0039";

fn template(name: &str) -> Value {
    json!({ "name": name, "rows": [
        { "objective": "Découvrir", "label": "Premier entretien", "activity": "interview", "grouping": "individual", "duration_minutes": 60 },
        { "objective": "Écrire", "label": "Atelier d'écriture", "activity": "workshop", "grouping": "collective", "vae_stage": "validation_file" },
    ] })
}

#[tokio::test]
async fn the_shipped_plan_has_its_eight_rows() {
    let world = world().await;
    for reader in ["samira", "tom", "claire", "crm", "ada", "rose"] {
        let shipped = world.as_(reader).get(GENERIC).await.expect(200);
        assert_eq!(shipped["organization_id"], Value::Null);
        let rows = shipped["rows"].as_array().unwrap();
        let places: Vec<_> = rows.iter().map(|row| row["position"].as_i64()).collect();
        assert_eq!(places, (1..=8).map(Some).collect::<Vec<_>>());
        assert_eq!(rows[7]["vae_stage"], "jury");
    }
    for stranger in ["paul", "vera"] {
        let stranger = world.as_(stranger);
        stranger.get(GENERIC).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn a_coordinator_writes_changes_and_deletes_a_template() {
    let world = world().await;
    let claire = world.as_("claire");
    let created = claire
        .post("/v1/plan-templates", template("Propreté"))
        .await
        .expect(201);
    assert_eq!(
        created["organization_id"],
        json!(world.organization_id("horizon"))
    );
    let path = format!("/v1/plan-templates/{}", created["id"].as_str().unwrap());
    assert_eq!(claire.get(&path).await.expect(200), created);

    // Rows come back as they were read, in the order of the positions given.
    let mut rows = created["rows"].clone();
    rows[0]["position"] = json!(2);
    rows[1]["position"] = json!(1);
    let changed = claire
        .patch(&path, json!({ "rows": rows }))
        .await
        .expect(200);
    assert_eq!(changed["name"], "Propreté");
    assert_eq!(changed["rows"][0]["objective"], "Écrire");
    assert_eq!(changed["rows"][0]["position"], 1);

    let listed = claire.get("/v1/plan-templates?limit=1").await.expect(200);
    assert_eq!(listed["items"][0]["id"], created["id"]);
    let after = listed["next"].as_str().unwrap();
    let listed = claire
        .get(&format!("/v1/plan-templates?limit=1&after={after}"))
        .await
        .expect(200);
    assert_eq!(listed["items"][0]["organization_id"], Value::Null);
    assert_eq!(listed["next"], Value::Null);

    world
        .as_("tom")
        .patch(&path, json!({ "name": "x" }))
        .await
        .refused(403, "forbidden");
    world.as_("rose").get(&path).await.refused(404, "not_found");
    claire.delete(&path).await.expect(204);
    claire.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_admin_keeps_the_shared_templates_and_sees_no_others() {
    let world = world().await;
    let (ada, claire) = (world.as_("ada"), world.as_("claire"));
    claire
        .patch(GENERIC, json!({ "name": "À nous" }))
        .await
        .refused(404, "not_found");
    claire.delete(GENERIC).await.refused(404, "not_found");
    ada.patch(GENERIC, json!({ "name": "Plan générique" }))
        .await
        .expect(200);
    ada.delete(GENERIC).await.refused(409, "in_use");
    let shared = ada
        .post("/v1/plan-templates", template("Pour tous"))
        .await
        .expect(201);
    assert_eq!(shared["organization_id"], Value::Null);
    let own = claire
        .post("/v1/plan-templates", template("Propreté"))
        .await
        .expect(201);
    let own = format!("/v1/plan-templates/{}", own["id"].as_str().unwrap());
    ada.get(&own).await.refused(404, "not_found");
    ada.delete(GENERIC).await.expect(204);
    let shared = format!("/v1/plan-templates/{}", shared["id"].as_str().unwrap());
    ada.delete(&shared).await.refused(409, "in_use");
    claire.delete(&own).await.expect(204);
}

#[tokio::test]
async fn rows_are_checked_one_by_one() {
    let world = world().await;
    let claire = world.as_("claire");
    let rows = json!([
        { "objective": "", "label": "x", "activity": "party", "grouping": "individual", "duration_minutes": 4 },
    ]);
    let mut faults = claire
        .post("/v1/plan-templates", json!({ "name": "x", "rows": rows }))
        .await
        .faults();
    faults.sort();
    let pointers: Vec<&str> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        pointers,
        [
            "/rows/0/activity",
            "/rows/0/duration_minutes",
            "/rows/0/objective"
        ]
    );
    let mut unknown = template("x");
    unknown["rows"][1]["vae_stage"] = json!("holidays");
    let faults = claire.post("/v1/plan-templates", unknown).await.faults();
    let expected = (
        "/rows/1/vae_stage".to_owned(),
        "unknown_reference".to_owned(),
    );
    assert_eq!(faults, [expected]);
    let row = &template("x")["rows"][0];
    let many: Vec<&Value> = vec![row; 201];
    let faults = claire
        .post("/v1/plan-templates", json!({ "name": "x", "rows": many }))
        .await
        .faults();
    assert_eq!(faults, [("/rows".to_owned(), "max_items".to_owned())]);
}
