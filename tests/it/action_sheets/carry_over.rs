//! What one sheet plans comes to the next ones, and what becomes of it.

use super::*;

fn labels(list: &Value) -> Vec<&str> {
    let items = list.as_array().unwrap().iter();
    items.map(|item| item["label"].as_str().unwrap()).collect()
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
