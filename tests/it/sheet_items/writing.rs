//! Planned or noted as done, changed, and what it names.

use super::*;

#[tokio::test]
async fn an_item_is_planned_on_a_sheet_or_noted_as_done() {
    let world = world().await;
    let tom = world.as_("tom");
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    let sheet_id = sheet.rsplit('/').next().unwrap();
    let planned = item(&tom, &sheet, task()).await;
    let planned = tom.get(&planned).await.expect(200);
    assert_eq!(
        (&planned["state"], &planned["owner"]),
        (&json!("planned"), &json!("candidate"))
    );
    assert_eq!(planned["raised_in"], sheet_id);
    assert_eq!(planned["settled_in"], Value::Null);
    assert_eq!(planned["is_late"], false);
    let noted = json!({ "kind": "document", "label": "CV", "state": "done", "owner": "tutor" });
    let noted = item(&tom, &sheet, noted).await;
    let noted = tom.get(&noted).await.expect(200);
    assert_eq!(
        (&noted["raised_in"], &noted["settled_on"]),
        (&Value::Null, &json!("2026-11-12"))
    );
    assert_eq!(noted["settled_in"], sheet_id);
    let list = world.booklet("samira", "sheet-items");
    let all = tom.get(&list).await.expect(200);
    assert_eq!(all["items"], json!([noted, planned]));
    for (filter, expected) in [
        ("state=planned", &planned),
        ("owner=tutor", &noted),
        ("kind=document", &noted),
    ] {
        let some = tom.get(&format!("{list}?{filter}")).await.expect(200);
        assert_eq!(some["items"], json!([expected]), "{filter}");
    }
}

#[tokio::test]
async fn an_address_named_by_an_item_is_not_deleted_meanwhile() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    let items = format!("{sheet}/items");
    for _ in 0..5 {
        let address = json!({ "category": "other", "name": "CEP", "missions": "Conseil" });
        let address = claire.post("/v1/useful-addresses", address).await;
        let address = address.expect(201)["id"].as_str().unwrap().to_owned();
        let path = format!("/v1/useful-addresses/{address}");
        let mut body = task();
        body["useful_address_id"] = json!(address);
        let (named, deleted) = tokio::join!(tom.post(&items, body), claire.delete(&path));
        let outcome = (named.status, deleted.status);
        assert!(matches!(outcome, (201, 409) | (422, 204)), "{outcome:?}");
    }
}

#[tokio::test]
async fn an_item_needs_a_kind_and_a_label() {
    let world = world().await;
    let tom = world.as_("tom");
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    let body = json!({ "kind": "idea", "label": " ", "state": "dropped", "raised_in": null });
    let mut faults = tom.post(&format!("{sheet}/items"), body).await.faults();
    faults.sort();
    let expected = [
        ("/kind", "enum"),
        ("/label", "min_length"),
        ("/raised_in", "unknown_field"),
        ("/state", "enum"),
    ];
    let expected = expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()));
    assert_eq!(faults, expected);
    let mut body = task();
    body["useful_address_id"] = json!(api::kit::new_id());
    let fault = (
        "/useful_address_id".to_owned(),
        "unknown_reference".to_owned(),
    );
    assert_eq!(
        tom.post(&format!("{sheet}/items"), body).await.faults(),
        [fault]
    );
}

#[tokio::test]
async fn a_candidate_changes_and_settles_the_items_it_owns() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    let own = item(&tom, &first, task()).await;
    let mut toms = task();
    toms["owner"] = json!("tutor");
    let toms = item(&tom, &first, toms).await;
    samira.get(&toms).await.expect(200);
    samira
        .patch(&toms, json!({ "label": "x" }))
        .await
        .refused(404, "not_found");
    settle(&samira, &toms, &second, done())
        .await
        .refused(404, "not_found");
    carry_on(&samira, &toms, &second)
        .await
        .refused(404, "not_found");
    let changed = json!({ "due_on": "2026-11-30" });
    samira.patch(&own, changed).await.expect(200);
    let fault = ("/owner".to_owned(), "not_allowed".to_owned());
    assert_eq!(
        samira
            .patch(&own, json!({ "owner": "tutor" }))
            .await
            .faults(),
        [fault]
    );
    settle(&samira, &own, &second, done()).await.expect(200);
    let new = format!("{first}/items");
    samira.post(&new, task()).await.refused(403, "forbidden");
    world
        .as_("claire")
        .post(&new, task())
        .await
        .refused(404, "not_found");
    for stranger in ["nadia", "tina", "rita", "remi"] {
        world
            .as_(stranger)
            .get(&own)
            .await
            .refused(404, "not_found");
        let list = world.booklet("samira", "sheet-items");
        world
            .as_(stranger)
            .get(&list)
            .await
            .refused(404, "not_found");
    }
    let delete = tom.delete(&own).await;
    delete.refused(405, "method_not_allowed");
}

#[tokio::test]
async fn of_an_item_raised_on_a_locked_sheet_only_the_day_still_moves() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let asked = item(&tom, &first, task()).await;
    tom.patch(
        &asked,
        json!({ "label": "Écrire au CEP", "kind": "contact" }),
    )
    .await
    .expect(200);
    let locked = lock(&tom, &samira, &first).await;
    tom.patch(&asked, json!({ "label": "Autre" }))
        .await
        .refused(409, "sheet_locked");
    tom.patch(&asked, json!({ "owner": "tutor" }))
        .await
        .refused(409, "sheet_locked");
    tom.patch(&asked, json!({ "due_on": "2026-12-01" }))
        .await
        .expect(200);
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    settle(&tom, &asked, &second, done()).await.expect(200);
    tom.patch(&asked, json!({ "due_on": null }))
        .await
        .refused(409, "item_settled");
    assert_eq!(tom.get(&first).await.expect(200), locked);
}

#[tokio::test]
async fn an_item_raises_the_versions_of_the_open_sheets_that_show_it() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let asked = item(&tom, &first, task()).await;
    lock(&tom, &samira, &first).await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    let third = sheet(&world, &tom, "samira", "2026-12-10").await;
    let version = async |sheet: &str| tom.get(sheet).await.expect(200)["version"].clone();
    let before = version(&first).await;
    settle(&tom, &asked, &second, done()).await.expect(200);
    assert_eq!(version(&second).await, 2);
    assert_eq!(version(&third).await, 2);
    assert_eq!(version(&first).await, before);
}
