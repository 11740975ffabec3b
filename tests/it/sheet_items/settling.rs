//! Settled or carried on, on which sheet, and thought of again.

use super::*;

fn dropped() -> Value {
    json!({ "state": "dropped", "reason": "Plus utile" })
}

#[tokio::test]
async fn an_item_is_settled_on_a_later_sheet_of_the_same_booklet() {
    let world = world().await;
    let tom = world.as_("tom");
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    let elsewhere = sheet(&world, &tom, "karim", "2026-11-26").await;
    let asked = item(&tom, &first, task()).await;
    let later = item(&tom, &second, task()).await;
    let unknown = [("/sheet_id".to_owned(), "unknown_reference".to_owned())];
    let nowhere = format!("/v1/action-sheets/{}", api::kit::new_id());
    for sheet in [&elsewhere, &nowhere] {
        assert_eq!(settle(&tom, &asked, sheet, done()).await.faults(), unknown);
        assert_eq!(carry_on(&tom, &asked, sheet).await.faults(), unknown);
    }
    settle(&tom, &asked, &first, done())
        .await
        .refused(409, "item_not_on_sheet");
    carry_on(&tom, &asked, &first)
        .await
        .refused(409, "item_not_on_sheet");
    settle(&tom, &later, &first, done())
        .await
        .refused(409, "item_not_on_sheet");
    let faults = settle(&tom, &asked, &second, json!({ "state": "dropped" }))
        .await
        .faults();
    assert_eq!(faults, [("/reason".to_owned(), "required".to_owned())]);
    let settled = settle(&tom, &asked, &second, done()).await.expect(200);
    assert_eq!(settled["state"], "done");
    assert_eq!(settled["settled_in"], second.rsplit('/').next().unwrap());
    assert_eq!(settled["settled_on"], "2026-11-26");
}

#[tokio::test]
async fn what_was_raised_by_mistake_is_dropped_on_its_own_sheet() {
    let world = world().await;
    let tom = world.as_("tom");
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    let mistake = item(&tom, &first, task()).await;
    let gone = settle(&tom, &mistake, &first, dropped()).await.expect(200);
    assert_eq!(
        (&gone["state"], &gone["dropped_reason"]),
        (&json!("dropped"), &json!("Plus utile"))
    );
    let shown = tom.get(&second).await.expect(200);
    assert_eq!(shown["carried_over"], json!([]));
}

#[tokio::test]
async fn a_draft_may_think_again_another_sheet_may_not() {
    let world = world().await;
    let tom = world.as_("tom");
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    let third = sheet(&world, &tom, "samira", "2026-12-10").await;
    let asked = item(&tom, &first, task()).await;
    settle(&tom, &asked, &second, dropped()).await.expect(200);
    settle(&tom, &asked, &second, done()).await.expect(200);
    settle(&tom, &asked, &third, dropped())
        .await
        .refused(409, "item_settled");
    carry_on(&tom, &asked, &third)
        .await
        .refused(409, "item_settled");
    let planned = carry_on(&tom, &asked, &second).await.expect(200);
    assert_eq!(
        (&planned["state"], &planned["settled_in"]),
        (&json!("planned"), &Value::Null)
    );
    assert_eq!(planned["dropped_reason"], Value::Null);
    let shown = tom.get(&second).await.expect(200);
    assert_eq!(shown["carried_over"][0]["answer"], "carried_on");
    assert_eq!(shown["done"], json!([]));
}

#[tokio::test]
async fn settling_on_an_earlier_sheet_takes_the_item_from_later_drafts_alone() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let first = sheet(&world, &tom, "samira", "2026-11-12").await;
    let second = sheet(&world, &tom, "samira", "2026-11-26").await;
    let third = sheet(&world, &tom, "samira", "2026-12-10").await;
    let asked = item(&tom, &first, task()).await;
    carry_on(&tom, &asked, &third).await.expect(200);
    settle(&tom, &asked, &second, done()).await.expect(200);
    assert_eq!(tom.get(&third).await.expect(200)["carried_over"], json!([]));
    carry_on(&tom, &asked, &second).await.expect(200);
    carry_on(&tom, &asked, &third).await.expect(200);
    tom.act(&format!("{third}/submit")).await.expect(200);
    settle(&tom, &asked, &second, done())
        .await
        .refused(409, "sheet_frozen");
    samira.act(&format!("{third}/validate")).await.expect(200);
    settle(&tom, &asked, &second, done())
        .await
        .refused(409, "sheet_locked");
    carry_on(&tom, &asked, &second).await.expect(200);
}
