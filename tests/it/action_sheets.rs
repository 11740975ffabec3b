//! § 08: one sheet per appointment, submitted by one party and locked by the other.

use std::collections::BTreeSet;

use entity::objective;
use entity::values::{ObjectiveKind, ObjectiveState};
use futures_util::future::join_all;
use reqwest::Method;
use sea_orm::prelude::Uuid;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use tests::{Client, World};

use super::sheet_items::{item, settle};
use crate::world;

/// Starts a sheet in this candidate's booklet and gives its address.
pub(crate) async fn sheet(world: &World, tutor: &Client, candidate: &str, day: &str) -> String {
    let path = world.booklet(candidate, "action-sheets");
    let body = json!({ "appointment_on": day });
    let sheet = tutor.post(&path, body).await.expect(201);
    format!("/v1/action-sheets/{}", sheet["id"].as_str().unwrap())
}

/// Submitted by the tutor, validated by the candidate.
pub(crate) async fn lock(tutor: &Client, candidate: &Client, sheet: &str) -> Value {
    tutor.act(&format!("{sheet}/submit")).await.expect(200);
    candidate
        .act(&format!("{sheet}/validate"))
        .await
        .expect(200)
}

fn labels(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item["label"].as_str().unwrap()).collect()
}

async fn objective(world: &World, candidate: &str) -> Uuid {
    let id = api::kit::new_id();
    let row = objective::ActiveModel {
        id: Set(id),
        organization_id: Set(world.organization_id("horizon")),
        booklet_id: Set(world.booklet_id(candidate)),
        kind: Set(ObjectiveKind::Working),
        statement: Set("Réunir les justificatifs".to_owned()),
        due_on: Set(None),
        state: Set(ObjectiveState::Active),
        achieved_on: Set(None),
        position: Set(1),
        version: Set(1),
        created_at: Set(world.clock.now()),
        updated_at: Set(world.clock.now()),
    };
    let txn = world.state.db.begin().await.unwrap();
    row.insert(&txn).await.unwrap();
    txn.commit().await.unwrap();
    id
}

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
async fn a_sheet_submitted_by_one_is_locked_by_the_other() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    for (first, second, party) in [(&tom, &samira, "tutor"), (&samira, &tom, "candidate")] {
        let sheet = sheet(&world, &tom, "samira", "2026-11-26").await;
        let (submit, reopen, validate) = (
            format!("{sheet}/submit"),
            format!("{sheet}/reopen"),
            format!("{sheet}/validate"),
        );
        second
            .act(&validate)
            .await
            .refused(409, "invalid_transition");
        first.act(&reopen).await.refused(409, "invalid_transition");
        let submitted = first.act(&submit).await.expect(200);
        assert_eq!(submitted["state"], "submitted");
        assert_eq!(submitted["submitted_by"], party);
        assert!(submitted[format!("validated_by_{party}_at")].is_string());
        first.act(&submit).await.refused(409, "invalid_transition");
        first.act(&validate).await.refused(409, "own_proposal");
        second.act(&reopen).await.refused(409, "invalid_transition");
        let draft = first.act(&reopen).await.expect(200);
        assert_eq!(draft["state"], "draft");
        assert_eq!(draft[format!("validated_by_{party}_at")], Value::Null);
        first.act(&submit).await.expect(200);
        let locked = second.act(&validate).await.expect(200);
        assert_eq!(
            (&locked["state"], &locked["on_behalf"]),
            (&json!("locked"), &json!(false))
        );
        assert!(locked["validated_by_candidate_at"].is_string());
        assert!(locked["validated_by_tutor_at"].is_string());
        for action in [&submit, &reopen, &validate] {
            second.act(action).await.refused(409, "sheet_locked");
        }
    }
}

#[tokio::test]
async fn a_submitted_sheet_is_frozen_with_its_items_and_a_locked_one_for_good() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let asked = item(
        &tom,
        &first,
        json!({ "kind": "task", "label": "Lire le référentiel" }),
    )
    .await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    let raised = item(
        &tom,
        &second,
        json!({ "kind": "task", "label": "Appeler le CEP" }),
    )
    .await;
    settle(&tom, &asked, &second, json!({ "state": "done" }))
        .await
        .expect(200);
    let refused = async |code: &str| {
        let label = || json!({ "label": "Autre" });
        let new = json!({ "kind": "task", "label": "De plus" });
        let dropped = json!({ "state": "dropped", "reason": "Non" });
        tom.patch(&second, json!({ "summary": "x" }))
            .await
            .refused(409, code);
        tom.post(&format!("{second}/items"), new)
            .await
            .refused(409, code);
        tom.patch(&raised, label()).await.refused(409, code);
        let why = json!({ "variance_reason": "x" });
        tom.patch(&asked, why).await.refused(409, code);
        settle(&tom, &asked, &second, dropped)
            .await
            .refused(409, code);
        let on = json!({ "sheet_id": second.rsplit('/').next().unwrap() });
        tom.post(&format!("{asked}/carry-on"), on)
            .await
            .refused(409, code);
    };
    tom.act(&format!("{second}/submit")).await.expect(200);
    refused("sheet_frozen").await;
    tom.patch(&raised, json!({ "due_on": "2027-01-01" }))
        .await
        .refused(409, "sheet_frozen");
    samira.act(&format!("{second}/validate")).await.expect(200);
    refused("sheet_locked").await;
}

#[tokio::test]
async fn what_one_sheet_plans_comes_to_the_next_ones_until_it_is_settled() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let payslips = item(
        &tom,
        &first,
        json!({ "kind": "document", "label": "Bulletins de salaire" }),
    )
    .await;
    let call = item(
        &tom,
        &first,
        json!({ "kind": "contact", "label": "Appeler le CEP" }),
    )
    .await;
    let read = item(
        &tom,
        &first,
        json!({ "kind": "task", "label": "Lire le référentiel", "owner": "tutor" }),
    )
    .await;
    item(
        &tom,
        &first,
        json!({ "kind": "task", "label": "Première visite", "state": "done" }),
    )
    .await;
    let shown = tom.get(&first).await.expect(200);
    assert_eq!(
        labels(&shown["to_do"]),
        [
            "Bulletins de salaire",
            "Appeler le CEP",
            "Lire le référentiel"
        ]
    );
    assert_eq!(labels(&shown["done"]), ["Première visite"]);
    assert_eq!(shown["carried_over"], json!([]));
    assert_eq!(shown["version"], 5, "each item raised the sheet's version");
    let first_locked = lock(&tom, &samira, &first).await;

    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    let shown = tom.get(&second).await.expect(200);
    assert_eq!(
        labels(&shown["carried_over"]),
        [
            "Bulletins de salaire",
            "Appeler le CEP",
            "Lire le référentiel"
        ]
    );
    assert_eq!(shown["carried_over"][0]["answer"], Value::Null);
    tom.act(&format!("{second}/submit")).await.expect(200);
    let open = samira
        .act(&format!("{second}/validate"))
        .await
        .refused(409, "sheet_items_open");
    let named: Vec<&Value> = open["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| &fault["params"]["item_id"])
        .collect();
    assert_eq!(
        named,
        [
            &shown["carried_over"][0]["id"],
            &shown["carried_over"][1]["id"],
            &shown["carried_over"][2]["id"]
        ]
    );
    assert_eq!(
        (&open["errors"][0]["pointer"], &open["errors"][0]["code"]),
        (&json!("/carried_over/0"), &json!("unanswered"))
    );
    assert!(!open.to_string().contains("Bulletins"), "{open}");
    tom.act(&format!("{second}/reopen")).await.expect(200);

    settle(&samira, &payslips, &second, json!({ "state": "done" }))
        .await
        .expect(200);
    settle(
        &tom,
        &read,
        &second,
        json!({ "state": "dropped", "reason": "Déjà connu" }),
    )
    .await
    .expect(200);
    let second_id = second.rsplit('/').next().unwrap();
    let on = json!({ "sheet_id": second_id, "due_on": "2026-12-20", "reason": "Ligne occupée" });
    let carried = samira
        .post(&format!("{call}/carry-on"), on)
        .await
        .expect(200);
    assert_eq!(
        (&carried["state"], &carried["due_on"]),
        (&json!("planned"), &json!("2026-12-20"))
    );
    let shown = tom.get(&second).await.expect(200);
    let answers: Vec<[&Value; 2]> = shown["carried_over"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| [&item["answer"], &item["answer_reason"]])
        .collect();
    assert_eq!(
        json!(answers),
        json!([
            ["done", null],
            ["carried_on", "Ligne occupée"],
            ["dropped", "Déjà connu"]
        ])
    );
    assert_eq!(labels(&shown["done"]), ["Bulletins de salaire"]);
    let second_locked = lock(&tom, &samira, &second).await;

    let third = sheet(&world, &tom, "samira", "2026-12-18").await;
    let shown = tom.get(&third).await.expect(200);
    assert_eq!(labels(&shown["carried_over"]), ["Appeler le CEP"]);
    settle(&tom, &call, &third, json!({ "state": "done" }))
        .await
        .expect(200);
    lock(&tom, &samira, &third).await;
    assert_eq!(tom.get(&call).await.expect(200)["state"], "done");

    assert_eq!(tom.get(&first).await.expect(200), first_locked);
    assert_eq!(tom.get(&second).await.expect(200), second_locked);
    let list = tom
        .get(&world.booklet("samira", "action-sheets"))
        .await
        .expect(200);
    assert_eq!(list["items"][1], second_locked);
    assert_eq!(list["items"][2], first_locked);
    assert_eq!(second_locked["carried_over"][1]["answer"], "carried_on");
    assert_eq!(first_locked["to_do"][0]["state"], "planned");
}

#[tokio::test]
async fn each_item_done_on_a_locked_sheet_becomes_one_completed_action() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let asked = item(
        &tom,
        &first,
        json!({ "kind": "task", "label": "Appeler le CEP" }),
    )
    .await;
    item(
        &tom,
        &first,
        json!({ "kind": "task", "label": "Première visite", "state": "done" }),
    )
    .await;
    let actions = world.booklet("samira", "completed-actions");
    lock(&tom, &samira, &first).await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    settle(&tom, &asked, &second, json!({ "state": "done" }))
        .await
        .expect(200);
    let second_id = second.rsplit('/').next().unwrap();
    assert_eq!(labels_of_actions(&tom, &actions).await, ["Première visite"]);
    lock(&tom, &samira, &second).await;
    assert_eq!(
        labels_of_actions(&tom, &actions).await,
        ["Appeler le CEP", "Première visite"]
    );
    let list = tom
        .get(&format!("{actions}?source=sheet"))
        .await
        .expect(200);
    let action = &list["items"][0];
    assert_eq!(action["done_on"], "2026-11-26");
    assert_eq!(action["sheet_item_id"], asked.rsplit('/').next().unwrap());
    assert_eq!(action["author_id"], world.user_id("samira").to_string());
    let path = format!("/v1/completed-actions/{}", action["id"].as_str().unwrap());
    let change = || json!({ "description": "Autre" });
    tom.patch(&path, change())
        .await
        .refused(409, "derived_action");
    samira
        .patch(&path, change())
        .await
        .refused(409, "derived_action");
    tom.delete(&path).await.refused(409, "derived_action");
    samira
        .act(&format!("{second}/validate"))
        .await
        .refused(409, "sheet_locked");
    let third = sheet(&world, &tom, "samira", "2026-12-10").await;
    assert_ne!(third, second_id);
    lock(&tom, &samira, &third).await;
    assert_eq!(labels_of_actions(&tom, &actions).await.len(), 2);
}

async fn labels_of_actions(client: &Client, path: &str) -> Vec<String> {
    let list = client.get(path).await.expect(200);
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|action| action["description"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn of_two_who_lock_a_sheet_at_once_one_does() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    item(
        &tom,
        &sheet,
        json!({ "kind": "task", "label": "Visite", "state": "done" }),
    )
    .await;
    tom.act(&format!("{sheet}/submit")).await.expect(200);
    let validate = format!("{sheet}/validate");
    let answers = join_all((0..5).map(|_| samira.act(&validate))).await;
    let locked = answers.iter().filter(|answer| answer.status == 200).count();
    let late = answers.iter().filter(|answer| answer.status == 409).count();
    assert_eq!((locked, late), (1, 4));
    let actions = world.booklet("samira", "completed-actions");
    assert_eq!(labels_of_actions(&tom, &actions).await, ["Visite"]);
}

#[tokio::test]
async fn a_sheet_with_an_unexplained_delay_is_not_locked() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let asked = json!({ "kind": "task", "label": "Appeler le CEP", "due_on": "2026-11-20" });
    let asked = item(&tom, &first, asked).await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    let late = settle(&samira, &asked, &second, json!({ "state": "done" }))
        .await
        .expect(200);
    assert_eq!(late["is_late"], true);
    assert_eq!(late["warnings"][0]["code"], "variance_reason_missing");
    tom.act(&format!("{second}/submit")).await.expect(200);
    let refused = samira
        .act(&format!("{second}/validate"))
        .await
        .refused(409, "variance_reason_missing");
    assert_eq!(refused["errors"][0]["pointer"], "/done/0");
    assert_eq!(refused["errors"][0]["params"]["item_id"], late["id"]);
    tom.act(&format!("{second}/reopen")).await.expect(200);
    let why = json!({ "variance_reason": "Standard injoignable" });
    let explained = samira.patch(&asked, why).await.expect(200);
    assert_eq!(
        (&explained["is_late"], &explained["warnings"]),
        (&json!(true), &json!([]))
    );
    let locked = lock(&tom, &samira, &second).await;
    assert_eq!(locked["done"][0]["variance_reason"], "Standard injoignable");
}

#[tokio::test]
async fn a_locked_sheet_stays_as_it_was_and_warns_in_its_readers_language() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let asked = json!({ "kind": "task", "label": "Appeler le CEP", "due_on": "2026-11-20" });
    let asked = item(&tom, &first, asked).await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    settle(&samira, &asked, &second, json!({ "state": "done" }))
        .await
        .expect(200);
    let in_english = async || {
        let english = [("accept-language", "en")];
        let read = tom.send(Method::GET, &first, None, &english).await;
        read.expect(200)["to_do"].clone()
    };
    let before = in_english().await;
    let locked = lock(&tom, &samira, &first).await;
    let why = json!({ "variance_reason": "Standard injoignable" });
    tom.patch(&asked, why).await.expect(200);
    assert_eq!(tom.get(&first).await.expect(200), locked);
    assert_eq!(in_english().await, before);
    let detail = |to_do: &Value| to_do[0]["warnings"][0]["detail"].clone();
    assert_eq!(detail(&before), "This delay is waiting for an explanation.");
    assert_eq!(
        detail(&locked["to_do"]),
        "Ce retard attend une explication."
    );
}

#[tokio::test]
async fn what_a_sheet_settled_follows_the_day_of_its_appointment() {
    let world = world().await;
    let tom = world.as_("tom");
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let asked = json!({ "kind": "task", "label": "Appeler le CEP", "due_on": "2026-11-30" });
    let asked = item(&tom, &first, asked).await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    let done = settle(&tom, &asked, &second, json!({ "state": "done" }))
        .await
        .expect(200);
    assert_eq!(
        (&done["settled_on"], &done["is_late"]),
        (&json!("2026-11-26"), &json!(false))
    );
    let moved = tom
        .patch(&second, json!({ "appointment_on": "2026-12-03" }))
        .await
        .expect(200);
    assert_eq!(moved["done"][0]["is_late"], true);
    assert_eq!(tom.get(&second).await.expect(200), moved);
    let done = tom.get(&asked).await.expect(200);
    assert_eq!(
        (&done["settled_on"], &done["is_late"]),
        (&json!("2026-12-03"), &json!(true))
    );
}

#[tokio::test]
async fn the_tutor_validates_for_a_candidate_without_account() {
    let world = world().await;
    let tom = world.as_("tom");
    let sheet = sheet(&world, &tom, "karim", "2026-11-12").await;
    tom.act(&format!("{sheet}/submit")).await.expect(200);
    let locked = tom.act(&format!("{sheet}/validate")).await.expect(200);
    assert_eq!(
        (&locked["state"], &locked["on_behalf"]),
        (&json!("locked"), &json!(true))
    );
    assert!(locked["validated_by_candidate_at"].is_string());
}

#[tokio::test]
async fn an_observer_reads_a_substitute_writes_and_submits() {
    let world = world().await;
    let (tom, tina, claire) = (world.as_("tom"), world.as_("tina"), world.as_("claire"));
    let path = world.booklet("samira", "action-sheets");
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    let task = || json!({ "kind": "task", "label": "Appeler le CEP" });
    let asked = item(&tom, &sheet, task()).await;
    let member = json!({ "user_id": world.user_id("tina"), "kind": "observer" });
    let member = claire
        .post(&world.booklet("samira", "members"), member)
        .await
        .expect(201);
    let member = format!("/v1/booklet-members/{}", member["id"].as_str().unwrap());
    tina.get(&sheet).await.expect(200);
    tina.get(&asked).await.expect(200);
    let day = || json!({ "appointment_on": "2026-11-26" });
    tina.post(&path, day()).await.refused(404, "not_found");
    tina.patch(&sheet, day()).await.refused(404, "not_found");
    tina.post(&format!("{sheet}/items"), task())
        .await
        .refused(404, "not_found");
    tina.patch(&asked, json!({ "label": "x" }))
        .await
        .refused(404, "not_found");
    let dropped = || json!({ "state": "dropped", "reason": "Non" });
    settle(&tina, &asked, &sheet, dropped())
        .await
        .refused(404, "not_found");
    tina.act(&format!("{sheet}/submit"))
        .await
        .refused(404, "not_found");
    claire
        .patch(&member, json!({ "kind": "substitute" }))
        .await
        .expect(200);
    tina.patch(&sheet, day()).await.expect(200);
    item(&tina, &sheet, task()).await;
    settle(&tina, &asked, &sheet, dropped()).await.expect(200);
    let submitted = tina.act(&format!("{sheet}/submit")).await.expect(200);
    assert_eq!(submitted["submitted_by"], "tutor");
    tom.act(&format!("{sheet}/validate"))
        .await
        .refused(409, "own_proposal");
}

#[tokio::test]
async fn the_candidate_reads_sheets_and_writes_none() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let path = world.booklet("samira", "action-sheets");
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    samira.get(&sheet).await.expect(200);
    let day = || json!({ "appointment_on": "2026-11-26" });
    for reader in ["samira", "claire"] {
        let reader = world.as_(reader);
        reader.get(&path).await.expect(200);
        reader.post(&path, day()).await.refused(403, "forbidden");
        reader.patch(&sheet, day()).await.refused(403, "forbidden");
    }
    world
        .as_("claire")
        .act(&format!("{sheet}/submit"))
        .await
        .refused(403, "forbidden");
    for stranger in ["nadia", "tina", "remi", "rita"] {
        let stranger = world.as_(stranger);
        stranger.get(&path).await.refused(404, "not_found");
        stranger.get(&sheet).await.refused(404, "not_found");
        stranger
            .act(&format!("{sheet}/submit"))
            .await
            .refused(404, "not_found");
    }
    for role in ["paul", "vera", "crm", "ada"] {
        world.as_(role).get(&sheet).await.refused(403, "forbidden");
    }
    world
        .anonymous()
        .get(&sheet)
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_change_of_a_sheet_needs_the_version_that_was_read_items_included() {
    let world = world().await;
    let tom = world.as_("tom");
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    item(
        &tom,
        &sheet,
        json!({ "kind": "task", "label": "Appeler le CEP" }),
    )
    .await;
    let patch = |headers| {
        tom.send(
            Method::PATCH,
            &sheet,
            Some(json!({ "summary": "x" })),
            headers,
        )
    };
    patch(&[]).await.refused(428, "precondition_required");
    patch(&[("if-match", "\"1\"")]).await.refused(412, "stale");
    patch(&[("if-match", "\"2\"")]).await.expect(200);
    let submit = format!("{sheet}/submit");
    let stale = [("if-match", "\"2\"")];
    tom.send(Method::POST, &submit, None, &stale)
        .await
        .refused(412, "stale");
    let fresh = [("if-match", "\"3\"")];
    tom.send(Method::POST, &submit, None, &fresh)
        .await
        .expect(200);
}

#[tokio::test]
async fn sheets_of_a_closed_booklet_no_longer_change() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let path = world.booklet("samira", "action-sheets");
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    let asked = item(
        &tom,
        &sheet,
        json!({ "kind": "task", "label": "Appeler le CEP" }),
    )
    .await;
    let withdraw = world.booklet("samira", "withdraw");
    claire
        .post(&withdraw, json!({ "reason": "Déménagement" }))
        .await
        .expect(200);
    let day = || json!({ "appointment_on": "2026-11-26" });
    tom.post(&path, day()).await.refused(409, "booklet_closed");
    tom.patch(&sheet, day())
        .await
        .refused(409, "booklet_closed");
    tom.act(&format!("{sheet}/submit"))
        .await
        .refused(409, "booklet_closed");
    tom.patch(&asked, json!({ "label": "x" }))
        .await
        .refused(409, "booklet_closed");
    tom.get(&sheet).await.expect(200);
}

#[tokio::test]
async fn a_page_of_sheets_with_their_items_costs_three_round_trips() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "action-sheets");
    let mut last = String::new();
    for _ in 0..20 {
        last = sheet(&world, &tom, "samira", "2026-11-12").await;
        let task = json!({ "kind": "task", "label": "Appeler le CEP" });
        let asked = item(&tom, &last, task).await;
        tom.get(&asked).await.expect(200);
    }
    for path in [path, last, world.booklet("karim", "action-sheets")] {
        let before = world.state.db.statements();
        tom.get(&path).await.expect(200);
        let spent = world.state.db.statements() - before;
        assert!(spent <= 3, "{path} costs {spent} round trips");
    }
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
