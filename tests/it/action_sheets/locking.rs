//! Submitted by one, locked by the other, frozen for good.

use super::*;

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
