//! Adding, changing and removing steps; dates, delays and their reasons.

use super::*;

#[tokio::test]
async fn a_tutor_adds_reads_changes_and_removes_a_step() {
    let world = world().await;
    let tom = world.as_("tom");
    let body = json!({
        "objective": " Adopter la posture attendue ", "label": "Entraînement", "activity": "workshop",
        "grouping": "individual", "duration_minutes": 120, "planned_from": "2026-12-01",
        "planned_to": "2026-12-01", "vae_stage": "jury",
    });
    let created = tom.post(&world.booklet("samira", "plan-steps"), body).await;
    let location = created.header("location").unwrap().to_owned();
    let created = created.expect(201);
    assert_eq!(location, path(&created));
    assert_eq!(created["objective"], "Adopter la posture attendue");
    assert_eq!(created["state"], "planned");
    assert_eq!(
        (&created["is_late"], &created["warnings"]),
        (&json!(false), &json!([]))
    );
    for reader in ["samira", "claire"] {
        let read = world.as_(reader).get(&location).await.expect(200);
        assert_eq!(read, created);
    }
    let changed = tom
        .patch(&location, json!({ "duration_minutes": null }))
        .await
        .expect(200);
    assert_eq!(changed["duration_minutes"], Value::Null);
    assert_eq!(changed["version"], 2);
    tom.delete(&location).await.expect(204);
    tom.get(&location).await.refused(404, "not_found");
}

#[tokio::test]
async fn all_faults_of_a_step_come_back_at_once() {
    let world = world().await;
    let tom = world.as_("tom");
    let steps = world.booklet("samira", "plan-steps");
    let mut faults = tom
        .post(
            &steps,
            json!({ "label": "", "activity": "x", "grouping": "either", "duration_minutes": 10081, "is_late": true }),
        )
        .await
        .faults();
    faults.sort();
    let codes: Vec<(&str, &str)> = faults
        .iter()
        .map(|(pointer, code)| (pointer.as_str(), code.as_str()))
        .collect();
    assert_eq!(
        codes,
        [
            ("/activity", "enum"),
            ("/duration_minutes", "maximum"),
            ("/is_late", "unknown_field"),
            ("/label", "min_length"),
            ("/objective", "required"),
        ]
    );
    let fault = |pointer: &str, code: &str| [(pointer.to_owned(), code.to_owned())];
    let mut backwards = step("x");
    backwards["planned_from"] = json!("2026-12-02");
    backwards["planned_to"] = json!("2026-12-01");
    let faults = tom.post(&steps, backwards).await.faults();
    assert_eq!(faults, fault("/planned_to", "dates_order"));
    let mut nowhere = step("x");
    nowhere["vae_stage"] = json!("holidays");
    let faults = tom.post(&steps, nowhere).await.faults();
    assert_eq!(faults, fault("/vae_stage", "unknown_reference"));

    // A patch is checked for what results.
    let created = path(&add(&tom, &world, "x").await);
    let patch = |body| tom.patch(&created, body);
    patch(json!({ "planned_from": "2026-12-02" }))
        .await
        .expect(200);
    let faults = patch(json!({ "planned_to": "2026-12-01" })).await.faults();
    assert_eq!(faults, fault("/planned_to", "dates_order"));
    let faults = patch(json!({ "vae_stage": "holidays" })).await.faults();
    assert_eq!(faults, fault("/vae_stage", "unknown_reference"));
}

#[tokio::test]
async fn a_late_step_asks_for_a_reason() {
    let world = world().await;
    let tom = world.as_("tom");
    let created = add(&tom, &world, "x").await;
    let step = path(&created);
    let patch = |body| tom.patch(&step, body);
    patch(json!({ "planned_from": "2026-11-01", "planned_to": "2026-11-10" }))
        .await
        .expect(200);
    let late = patch(json!({ "state": "done", "done_on": "2026-11-11" }))
        .await
        .expect(200);
    assert_eq!(late["is_late"], true);
    assert_eq!(late["warnings"][0]["code"], "variance_reason_missing");
    let english = [("accept-language", "en")];
    let read = tom
        .send(Method::GET, &step, None, &english)
        .await
        .expect(200);
    let detail = |step: &Value| step["warnings"][0]["detail"].as_str().unwrap().to_owned();
    assert_ne!(detail(&read), detail(&late));

    let explained = patch(json!({ "variance_reason": "Salle indisponible" }))
        .await
        .expect(200);
    assert_eq!(
        (&explained["is_late"], &explained["warnings"]),
        (&json!(true), &json!([]))
    );
    let in_time = patch(json!({ "done_on": "2026-11-10", "variance_reason": null }))
        .await
        .expect(200);
    assert_eq!(
        (&in_time["is_late"], &in_time["warnings"]),
        (&json!(false), &json!([]))
    );
}

#[tokio::test]
async fn a_step_done_without_a_date_was_done_today() {
    let world = world().await;
    let tom = world.as_("tom");
    let step = path(&add(&tom, &world, "x").await);
    let done = tom
        .patch(&step, json!({ "state": "done" }))
        .await
        .expect(200);
    assert_eq!(done["done_on"], json!(world.day(0)));
    let again = tom
        .patch(&step, json!({ "state": "in_progress" }))
        .await
        .expect(200);
    assert_eq!(again["done_on"], Value::Null);
    let dated = tom
        .patch(&step, json!({ "done_on": "2026-11-02" }))
        .await
        .expect(200);
    assert_eq!(
        (&dated["state"], &dated["done_on"]),
        (&json!("done"), &json!("2026-11-02"))
    );
}

#[tokio::test]
async fn a_step_is_put_off_with_a_reason() {
    let world = world().await;
    let tom = world.as_("tom");
    let created = add(&tom, &world, "x").await;
    let postpone = format!("{}/postpone", path(&created));
    let later = || json!({ "planned_from": "2027-01-11", "planned_to": "2027-01-22", "variance_reason": "Arrêt maladie" });
    let postponed = tom.post(&postpone, later()).await;
    assert_eq!(postponed.header("etag"), Some("\"2\""));
    let postponed = postponed.expect(200);
    assert_eq!(postponed["state"], "postponed");
    assert_eq!(postponed["planned_to"], "2027-01-22");
    assert_eq!(postponed["variance_reason"], "Arrêt maladie");
    tom.post(&postpone, later()).await.expect(200);

    let mut faults = tom.post(&postpone, json!({})).await.faults();
    faults.sort();
    let pointers: Vec<&str> = faults.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        pointers,
        ["/planned_from", "/planned_to", "/variance_reason"]
    );
    let backwards =
        json!({ "planned_from": "2027-01-11", "planned_to": "2027-01-10", "variance_reason": "x" });
    let faults = tom.post(&postpone, backwards).await.faults();
    assert_eq!(
        faults,
        [("/planned_to".to_owned(), "dates_order".to_owned())]
    );
    tom.send(
        Method::POST,
        &postpone,
        Some(later()),
        &[("if-match", "\"1\"")],
    )
    .await
    .refused(412, "stale");
    for over in ["done", "cancelled"] {
        tom.patch(&path(&created), json!({ "state": over }))
            .await
            .expect(200);
        tom.post(&postpone, later())
            .await
            .refused(409, "invalid_transition");
    }
}

#[tokio::test]
async fn a_plan_holds_two_hundred_steps() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let row = json!({ "objective": "x", "label": "x", "activity": "interview", "grouping": "individual" });
    let many: Vec<&Value> = vec![&row; 200];
    claire
        .post("/v1/plan-templates", json!({ "name": "x", "rows": many }))
        .await
        .expect(201);
    tom.post(
        &world.booklet("samira", "plan-steps/from-template"),
        json!({}),
    )
    .await
    .expect(201);
    assert_eq!(labels(&tom, &world).await.len(), 200);
    tom.post(&world.booklet("samira", "plan-steps"), step("x"))
        .await
        .refused(409, "conflict");
}

#[tokio::test]
async fn a_candidate_reads_the_steps_and_changes_none() {
    let world = world().await;
    let (tom, samira, claire) = (world.as_("tom"), world.as_("samira"), world.as_("claire"));
    let steps = world.booklet("samira", "plan-steps");
    let item = path(&add(&tom, &world, "x").await);
    samira.get(&steps).await.expect(200);
    samira
        .post(&steps, step("x"))
        .await
        .refused(403, "forbidden");
    samira
        .patch(&item, json!({ "label": "y" }))
        .await
        .refused(403, "forbidden");
    samira.delete(&item).await.refused(403, "forbidden");
    claire
        .patch(&item, json!({ "label": "y" }))
        .await
        .expect(200);
    for stranger in ["tina", "nadia", "rose", "remi"] {
        let stranger = world.as_(stranger);
        stranger.get(&steps).await.refused(404, "not_found");
        stranger.get(&item).await.refused(404, "not_found");
    }
    let tina = world.as_("tina");
    tina.delete(&item).await.refused(404, "not_found");
    tina.post(&steps, step("x")).await.refused(404, "not_found");
    for never in ["paul", "vera", "crm", "ada"] {
        world.as_(never).get(&steps).await.refused(403, "forbidden");
    }
}
