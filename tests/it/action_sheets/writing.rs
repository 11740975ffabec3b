//! A sheet in its draft: fields, numbers, references.

use super::*;

#[tokio::test]
async fn a_tutor_starts_fills_and_changes_a_sheet() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "action-sheets");
    let body =
        json!({ "appointment_on": "2026-11-26", "targeted_objectives": " Décrire trois postes. " });
    let created = tom.post(&path, body).await;
    let location = created.header("location").unwrap().to_owned();
    assert_eq!(created.header("etag"), Some("\"1\""));
    let created = created.expect(201);
    assert_eq!(
        location,
        format!("/v1/action-sheets/{}", created["id"].as_str().unwrap())
    );
    assert_eq!(created["number"], 1);
    assert_eq!(created["state"], "draft");
    assert_eq!(created["targeted_objectives"], "Décrire trois postes.");
    for empty in [
        "achieved_objectives",
        "difficulties",
        "successes",
        "remarks",
        "summary",
    ] {
        assert_eq!(created[empty], Value::Null, "{empty}");
    }
    for list in ["to_do", "done", "carried_over", "targeted_objective_ids"] {
        assert_eq!(created[list], json!([]), "{list}");
    }
    assert_eq!(tom.get(&location).await.expect(200), created);
    let change = json!({ "summary": "Bon début", "targeted_objectives": null, "next_appointment_on": "2026-12-10" });
    let changed = tom.patch(&location, change).await.expect(200);
    assert_eq!(changed["summary"], "Bon début");
    assert_eq!(changed["targeted_objectives"], Value::Null);
    assert_eq!(changed["version"], 2);
    let second = tom
        .post(&path, json!({ "appointment_on": "2026-11-26" }))
        .await;
    assert_eq!(second.expect(201)["number"], 2);
    let list = tom.get(&path).await.expect(200);
    assert_eq!(list["items"][1], changed);
    assert_eq!(list["next"], Value::Null);
    let drafts = tom.get(&format!("{path}?state=locked")).await.expect(200);
    assert_eq!(drafts["items"], json!([]));
}

#[tokio::test]
async fn a_hundred_sheets_started_at_once_are_numbered_without_gaps() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "action-sheets");
    // On a machine that is short of breath some are told to come back (503), and do.
    let start = async || {
        let call = || tom.post(&path, json!({ "appointment_on": "2026-11-26" }));
        let mut answer = call().await;
        for _ in 0..20 {
            if answer.status == 503 {
                answer = call().await;
            }
        }
        answer
    };
    let answers = join_all((0..100).map(|_| start())).await;
    let numbers: BTreeSet<i64> = answers
        .into_iter()
        .map(|answer| answer.expect(201)["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, (1..=100).collect());
}

#[tokio::test]
async fn the_next_appointment_comes_after_this_one() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "action-sheets");
    let wrong = vec![("/next_appointment_on".to_owned(), "dates_order".to_owned())];
    let same_day = json!({ "appointment_on": "2026-11-26", "next_appointment_on": "2026-11-26" });
    assert_eq!(tom.post(&path, same_day).await.faults(), wrong);
    let sheet = json!({ "appointment_on": "2026-11-26", "next_appointment_on": "2026-11-27" });
    let sheet = tom.post(&path, sheet).await.expect(201);
    let sheet = format!("/v1/action-sheets/{}", sheet["id"].as_str().unwrap());
    let later = json!({ "appointment_on": "2026-11-28" });
    assert_eq!(tom.patch(&sheet, later).await.faults(), wrong);
    assert_eq!(tom.get(&sheet).await.expect(200)["version"], 1);
}

#[tokio::test]
async fn a_sheet_names_objectives_and_appointments_of_its_own_booklet() {
    let world = world().await;
    let tom = world.as_("tom");
    let (own, foreign) = (
        objective(&world, "samira").await,
        objective(&world, "karim").await,
    );
    let path = world.booklet("samira", "action-sheets");
    let body =
        |ids: &[Uuid]| json!({ "appointment_on": "2026-11-26", "targeted_objective_ids": ids });
    let created = tom.post(&path, body(&[own])).await.expect(201);
    assert_eq!(created["targeted_objective_ids"], json!([own]));
    let fault = |pointer: &str| (pointer.to_owned(), "unknown_reference".to_owned());
    assert_eq!(
        tom.post(&path, body(&[foreign])).await.faults(),
        [fault("/targeted_objective_ids/0")]
    );
    let nowhere = api::kit::new_id();
    let body = json!({ "appointment_on": "2026-11-26", "achieved_objective_ids": [own, nowhere], "appointment_id": nowhere });
    assert_eq!(
        tom.post(&path, body).await.faults(),
        [fault("/achieved_objective_ids/1"), fault("/appointment_id")]
    );
    let sheet = format!("/v1/action-sheets/{}", created["id"].as_str().unwrap());
    let change = json!({ "targeted_objective_ids": [foreign] });
    assert_eq!(
        tom.patch(&sheet, change).await.faults(),
        [fault("/targeted_objective_ids/0")]
    );
}

#[tokio::test]
async fn what_is_not_the_callers_to_set_is_refused() {
    let world = world().await;
    let body =
        json!({ "appointment_on": "2026-11-26", "number": 7, "state": "locked", "to_do": [] });
    let mut faults = world
        .as_("tom")
        .post(&world.booklet("samira", "action-sheets"), body)
        .await
        .faults();
    faults.sort();
    let expected = ["/number", "/state", "/to_do"];
    let expected = expected.map(|pointer| (pointer.to_owned(), "unknown_field".to_owned()));
    assert_eq!(faults, expected);
}

#[tokio::test]
async fn a_hundred_unknown_references_are_told_and_no_more() {
    let world = world().await;
    let unknown: Vec<_> = (0..60).map(|_| api::kit::new_id()).collect();
    let sheet = json!({
        "appointment_on": world.day(0),
        "targeted_objective_ids": unknown,
        "achieved_objective_ids": unknown,
    });
    let path = world.booklet("samira", "action-sheets");
    let faults = world.as_("tom").post(&path, sheet).await.faults();
    assert_eq!(faults.len(), 100);
}
