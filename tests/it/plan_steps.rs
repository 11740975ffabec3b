//! § 05: Objectif / Étape / Durée / Modalité.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World};

use crate::world;

const GENERIC: &str = "019b76da-a800-7003-89a9-810a7ecd0039";

fn step(label: &str) -> Value {
    json!({
        "objective": "Finaliser le dossier", "label": label,
        "activity": "workshop", "grouping": "either",
    })
}

async fn add(by: &Client, world: &World, label: &str) -> Value {
    by.post(&world.booklet("samira", "plan-steps"), step(label))
        .await
        .expect(201)
}

fn path(step: &Value) -> String {
    format!("/v1/plan-steps/{}", step["id"].as_str().unwrap())
}

/// The labels of the plan in order; fails unless the places are 1, 2, 3 …
async fn labels(by: &Client, world: &World) -> Vec<String> {
    let page = by
        .get(&world.booklet("samira", "plan-steps"))
        .await
        .expect(200);
    let items = page["items"].as_array().unwrap();
    let places: Vec<_> = items.iter().map(|item| item["position"].as_i64()).collect();
    let count = i64::try_from(items.len()).unwrap();
    assert_eq!(places, (1..=count).map(Some).collect::<Vec<_>>());
    items
        .iter()
        .map(|item| item["label"].as_str().unwrap().to_owned())
        .collect()
}

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
async fn the_shipped_plan_is_copied_into_an_empty_one() {
    let world = world().await;
    let tom = world.as_("tom");
    let from_template = world.booklet("samira", "plan-steps/from-template");
    let copied = tom.post(&from_template, json!({})).await;
    assert_eq!(
        copied.header("location"),
        Some(world.booklet("samira", "plan-steps").as_str())
    );
    let copied = copied.expect(201);
    assert_eq!(copied["items"].as_array().unwrap().len(), 8);
    assert_eq!(copied["next"], Value::Null);
    assert_eq!(copied["items"][7]["position"], 8);
    assert_eq!(copied["items"][7]["vae_stage"], "jury");
    labels(&tom, &world).await;
    let plan = tom.get(&world.booklet("samira", "plan")).await.expect(200);
    assert_eq!(plan["source_template_id"], GENERIC);
    assert_eq!(plan["steps"], copied["items"]);
    tom.act(&from_template).await.refused(409, "plan_not_empty");
    let faults = tom
        .post(&from_template, json!({ "template_id": "x" }))
        .await
        .faults();
    assert_eq!(faults, [("/template_id".to_owned(), "format".to_owned())]);
}

#[tokio::test]
async fn an_organization_s_own_template_comes_first_and_later_edits_change_no_plan() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let row = |label: &str| json!({ "objective": "x", "label": label, "activity": "interview", "grouping": "individual" });
    let mut templates = Vec::new();
    for name in ["ancien", "récent"] {
        let body = json!({ "name": name, "rows": [row(name)] });
        let created = claire.post("/v1/plan-templates", body).await.expect(201);
        templates.push(created["id"].as_str().unwrap().to_owned());
    }
    let rivage = world
        .as_("rose")
        .post("/v1/plan-templates", json!({ "name": "Rivage" }))
        .await
        .expect(201);
    let copy = |body| {
        let path = world.booklet("samira", "plan-steps/from-template");
        let tom = tom.clone();
        async move { tom.post(&path, body).await }
    };
    let foreign = copy(json!({ "template_id": rivage["id"] })).await.faults();
    assert_eq!(
        foreign,
        [("/template_id".to_owned(), "unknown_reference".to_owned())]
    );
    copy(json!({})).await.expect(201);
    assert_eq!(labels(&tom, &world).await, ["récent"]);

    claire
        .patch(
            &format!("/v1/plan-templates/{}", templates[1]),
            json!({ "rows": [row("autre"), row("encore")] }),
        )
        .await
        .expect(200);
    claire
        .delete(&format!("/v1/plan-templates/{}", templates[1]))
        .await
        .expect(204);
    assert_eq!(labels(&tom, &world).await, ["récent"]);
    let plan = tom.get(&world.booklet("samira", "plan")).await.expect(200);
    assert_eq!(plan["source_template_id"], templates[1]);

    tom.delete(&path(&plan["steps"][0])).await.expect(204);
    copy(json!({ "template_id": templates[0] }))
        .await
        .expect(201);
    assert_eq!(labels(&tom, &world).await, ["ancien"]);
}

#[tokio::test]
async fn two_copies_at_once_leave_one() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "plan-steps/from-template");
    let answers = join_all((0..4).map(|_| tom.post(&path, json!({})))).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    assert_eq!(labels(&tom, &world).await.len(), 8);
}

#[tokio::test]
async fn twenty_steps_added_at_once_stand_in_places_one_to_twenty() {
    let world = world().await;
    let tom = world.as_("tom");
    let steps = world.booklet("samira", "plan-steps");
    let answers = join_all((0..20).map(|_| tom.post(&steps, step("x")))).await;
    for answer in answers {
        answer.expect(201);
    }
    assert_eq!(labels(&tom, &world).await.len(), 20);
    let plan = tom.get(&world.booklet("samira", "plan")).await.expect(200);
    assert_eq!(plan["version"], 21);
}

#[tokio::test]
async fn moves_and_removals_at_once_leave_no_hole() {
    let world = world().await;
    let tom = world.as_("tom");
    let mut paths = Vec::new();
    for label in ["a", "b", "c", "d", "e", "f"] {
        paths.push(path(&add(&tom, &world, label).await));
    }
    let (gone, moved) = paths.split_at(2);
    let removals = join_all(gone.iter().map(|path| tom.delete(path)));
    let moves = join_all(
        moved
            .iter()
            .map(|path| tom.patch(path, json!({ "position": 1 }))),
    );
    let (removals, moves) = futures_util::future::join(removals, moves).await;
    for answer in removals.into_iter().chain(moves) {
        assert!(answer.status < 300, "{:#}", answer.body);
    }
    assert_eq!(labels(&tom, &world).await.len(), 4);
}

#[tokio::test]
async fn a_step_moves_and_the_others_make_way() {
    let world = world().await;
    let tom = world.as_("tom");
    let mut steps = Vec::new();
    for label in ["a", "b", "c", "d"] {
        steps.push(add(&tom, &world, label).await);
    }
    let moved = tom
        .patch(&path(&steps[0]), json!({ "position": 3 }))
        .await
        .expect(200);
    assert_eq!(
        (&moved["position"], &moved["version"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(labels(&tom, &world).await, ["b", "c", "a", "d"]);
    assert_eq!(tom.get(&path(&steps[3])).await.expect(200)["version"], 1);
    tom.patch(&path(&steps[1]), json!({ "position": null }))
        .await
        .expect(200);
    assert_eq!(labels(&tom, &world).await, ["c", "a", "d", "b"]);
    tom.delete(&path(&steps[0])).await.expect(204);
    assert_eq!(labels(&tom, &world).await, ["c", "d", "b"]);
    let mut second = step("e");
    second["position"] = json!(2);
    tom.post(&world.booklet("samira", "plan-steps"), second)
        .await
        .expect(201);
    assert_eq!(labels(&tom, &world).await, ["c", "e", "d", "b"]);
    let mut beyond = step("f");
    beyond["position"] = json!(6);
    let faults = tom
        .post(&world.booklet("samira", "plan-steps"), beyond)
        .await
        .faults();
    assert_eq!(faults, [("/position".to_owned(), "maximum".to_owned())]);
}

#[tokio::test]
async fn an_order_names_every_step_exactly_once() {
    let world = world().await;
    let tom = world.as_("tom");
    let mut ids = Vec::new();
    for label in ["a", "b", "c"] {
        ids.push(add(&tom, &world, label).await["id"].clone());
    }
    let order = world.booklet("samira", "plan-steps/order");
    let unknown = json!(api::kit::new_id());
    for (wrong, pointer, code) in [
        (json!([ids[0], ids[1]]), "/ids", "incomplete"),
        (
            json!([ids[0], ids[1], ids[2], ids[0]]),
            "/ids/3",
            "unique_items",
        ),
        (
            json!([ids[0], unknown, ids[1], ids[2]]),
            "/ids/1",
            "unknown_reference",
        ),
    ] {
        let faults = tom.put(&order, json!({ "ids": wrong })).await.faults();
        assert_eq!(faults, [(pointer.to_owned(), code.to_owned())]);
    }
    let faults = tom.put(&order, json!({ "ids": ["x"] })).await.faults();
    assert_eq!(faults, [("/ids/0".to_owned(), "format".to_owned())]);
    assert_eq!(labels(&tom, &world).await, ["a", "b", "c"]);

    let reversed = json!({ "ids": [ids[2], ids[1], ids[0]] });
    let put = |body: &Value, headers| {
        let (tom, order, body) = (tom.clone(), order.clone(), body.clone());
        async move { tom.send(Method::PUT, &order, Some(body), headers).await }
    };
    put(&reversed, &[])
        .await
        .refused(428, "precondition_required");
    put(&reversed, &[("if-match", "\"1\"")])
        .await
        .refused(412, "stale");
    assert_eq!(labels(&tom, &world).await, ["a", "b", "c"]);
    let ordered = put(&reversed, &[("if-match", "\"4\"")]).await;
    assert_eq!(ordered.header("etag"), Some("\"5\""));
    let ordered = ordered.expect(200);
    assert_eq!(ordered["steps"][0]["id"], ids[2]);
    assert_eq!(ordered["steps"][1]["version"], 1);
    assert_eq!(labels(&tom, &world).await, ["c", "b", "a"]);
    put(&reversed, &[("if-match", "\"4\"")])
        .await
        .refused(412, "stale");

    for never in ["samira", "paul", "vera", "crm", "ada"] {
        let never = world.as_(never);
        never
            .put(&order, reversed.clone())
            .await
            .refused(403, "forbidden");
    }
    world
        .as_("tina")
        .put(&order, reversed)
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn a_new_order_of_an_agreed_plan_makes_it_a_draft_and_the_same_order_does_not() {
    let world = world().await;
    let tom = world.as_("tom");
    let first = add(&tom, &world, "a").await["id"].clone();
    let second = add(&tom, &world, "b").await["id"].clone();
    tom.act(&world.booklet("samira", "plan/propose"))
        .await
        .expect(200);
    let order = world.booklet("samira", "plan-steps/order");
    let same = tom
        .put(&order, json!({ "ids": [first, second] }))
        .await
        .expect(200);
    assert_eq!(same["state"], "proposed");
    let other = tom
        .put(&order, json!({ "ids": [second, first] }))
        .await
        .expect(200);
    assert_eq!(other["state"], "draft");
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
