//! Suspended, closed, withdrawn, reopened.

use super::*;

#[tokio::test]
async fn a_booklet_is_suspended_and_resumed_by_its_tutor() {
    let world = world().await;
    let tom = world.as_("tom");
    let act = |verb: &str| world.booklet("samira", verb);
    tom.act(&act("resume"))
        .await
        .refused(409, "invalid_transition");
    let faults = tom.post(&act("suspend"), json!({})).await.faults();
    assert_eq!(faults, [("/reason".to_owned(), "required".to_owned())]);
    let suspended = tom
        .post(&act("suspend"), json!({ "reason": "Congé maternité" }))
        .await
        .expect(200);
    assert_eq!(
        (&suspended["state"], &suspended["suspension_reason"]),
        (&json!("suspended"), &json!("Congé maternité"))
    );
    tom.post(&act("suspend"), json!({ "reason": "x" }))
        .await
        .refused(409, "invalid_transition");
    let note =
        json!({ "contacted_on": "2026-11-20", "contact_mode": "sms", "comment": "À bientôt" });
    tom.post(&act("follow-ups"), note).await.expect(201);
    let resumed = tom.act(&act("resume")).await.expect(200);
    assert_eq!(
        (&resumed["state"], &resumed["suspension_reason"]),
        (&json!("open"), &Value::Null)
    );
}

#[tokio::test]
async fn a_closed_booklet_is_written_no_more_until_it_is_reopened() {
    let world = world().await;
    let claire = world.as_("claire");
    let act = |verb: &str| world.booklet("samira", verb);
    let follow_up =
        || json!({ "contacted_on": "2026-11-20", "contact_mode": "sms", "comment": "Merci" });
    let written = world
        .as_("tom")
        .post(&act("follow-ups"), follow_up())
        .await
        .expect(201);
    let written = format!("/v1/follow-ups/{}", written["id"].as_str().unwrap());
    world
        .as_("tom")
        .post(&act("close"), json!({ "outcome": "full" }))
        .await
        .refused(403, "forbidden");
    claire
        .act(&act("archive"))
        .await
        .refused(409, "invalid_transition");
    claire
        .post(&act("reopen"), json!({ "reason": "x" }))
        .await
        .refused(409, "invalid_transition");
    let closed = claire
        .post(&act("close"), json!({ "outcome": "partial" }))
        .await
        .expect(200);
    assert_eq!(
        (&closed["state"], &closed["outcome"]),
        (&json!("closed"), &json!("partial"))
    );
    assert_eq!(closed["closed_on"], json!(world.day(0)));

    let tom = world.as_("tom");
    tom.post(&act("follow-ups"), follow_up())
        .await
        .refused(409, "booklet_closed");
    tom.patch(&written, json!({ "comment": "x" }))
        .await
        .refused(409, "booklet_closed");
    tom.delete(&written).await.refused(409, "booklet_closed");
    tom.patch(&act(""), json!({ "purpose": "x" }))
        .await
        .refused(409, "booklet_closed");
    claire
        .post(&act("close"), json!({ "outcome": "full" }))
        .await
        .refused(409, "booklet_closed");
    claire
        .post(&act("withdraw"), json!({ "reason": "x" }))
        .await
        .refused(409, "booklet_closed");

    let archived = claire.act(&act("archive")).await.expect(200);
    assert!(archived["archived_at"].is_string());
    claire
        .act(&act("archive"))
        .await
        .refused(409, "invalid_transition");
    let reopened = claire
        .post(&act("reopen"), json!({ "reason": "Second passage" }))
        .await
        .expect(200);
    assert_eq!(
        (
            &reopened["state"],
            &reopened["outcome"],
            &reopened["archived_at"]
        ),
        (&json!("open"), &Value::Null, &Value::Null)
    );
    tom.post(&act("follow-ups"), follow_up()).await.expect(201);
}

#[tokio::test]
async fn a_booklet_is_withdrawn_with_a_reason() {
    let world = world().await;
    let act = |verb: &str| world.booklet("samira", verb);
    let withdrawn = world
        .as_("claire")
        .post(&act("withdraw"), json!({ "reason": "Déménagement" }))
        .await
        .expect(200);
    assert_eq!(
        (&withdrawn["state"], &withdrawn["closure_reason"]),
        (&json!("withdrawn"), &json!("Déménagement"))
    );
}

#[tokio::test]
async fn a_booklet_should_not_close_before_it_opens() {
    let world = world().await;
    let claire = world.as_("claire");
    let fault = [("/target_closing_on".to_owned(), "dates_order".to_owned())];
    let opening = |opened_on: Value, target: i64| {
        json!({
            "candidate_id": world.candidate_id("karim"),
            "tutor_id": world.user_id("tom"),
            "opened_on": opened_on,
            "target_closing_on": world.day(target),
        })
    };
    for (opened_on, target) in [(json!(null), -1), (json!(world.day(9)), 8)] {
        let body = opening(opened_on, target);
        assert_eq!(claire.post("/v1/booklets", body).await.faults(), fault);
    }
    let same_day = opening(json!(world.day(-30)), -30);
    let booklet = claire.post("/v1/booklets", same_day).await.expect(201);
    let path = format!("/v1/booklets/{}", booklet["id"].as_str().unwrap());
    let change = |target: i64| json!({ "target_closing_on": world.day(target) });
    claire.patch(&path, change(-29)).await.expect(200);
    assert_eq!(claire.patch(&path, change(-31)).await.faults(), fault);
}
