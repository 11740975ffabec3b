//! § 01: the booklet, from its opening to its closing.

use serde_json::{Value, json};

use crate::world;

#[tokio::test]
async fn a_new_booklet_comes_with_a_plan_the_stages_and_its_tutor() {
    let world = world().await;
    let claire = world.as_("claire");
    let body = json!({
        "candidate_id": world.candidate_id("karim"),
        "tutor_id": world.user_id("tina"),
        "certification": { "label": "CAP Cuisine", "rncp_code": "38430" },
    });
    let created = claire.post("/v1/booklets", body).await;
    let path = created.header("location").unwrap().to_owned();
    let booklet = created.expect(201);
    assert_eq!(
        (&booklet["state"], &booklet["version"]),
        (&json!("open"), &json!(1))
    );
    assert_eq!(booklet["opened_on"], json!(world.day(0)));
    assert_eq!(booklet["certification"]["scope"], "full");
    assert!(booklet["purpose"].as_str().unwrap().len() > 20);
    let members = claire.get(&format!("{path}/members")).await.expect(200);
    assert_eq!(members["items"][0]["user_id"], json!(world.user_id("tina")));
    assert_eq!(members["items"][0]["given_name"], "Tina");
    let milestones = claire.get(&format!("{path}/milestones")).await.expect(200);
    assert_eq!(milestones["plan"]["state"], "draft");
    let stages: Vec<&Value> = milestones["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["code"])
        .collect();
    assert_eq!(
        json!(stages),
        json!([
            "information_project",
            "support",
            "admissibility",
            "validation_file",
            "jury"
        ])
    );
    world.as_("tina").get(&path).await.expect(200);
    world.as_("tom").get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn people_named_on_a_booklet_are_of_the_organization_and_of_the_right_role() {
    let world = world().await;
    let claire = world.as_("claire");
    let with = |field: &str, id: uuid::Uuid| {
        let mut body = json!({ "candidate_id": world.candidate_id("karim"), "tutor_id": world.user_id("tom") });
        body[field] = json!(id);
        body
    };
    for (field, id, code) in [
        (
            "candidate_id",
            world.candidate_id("rita"),
            "unknown_reference",
        ),
        ("tutor_id", world.user_id("remi"), "unknown_reference"),
        ("tutor_id", world.user_id("vera"), "wrong_role"),
        ("validator_id", world.user_id("tom"), "wrong_role"),
        ("prescriber_id", world.user_id("vera"), "wrong_role"),
    ] {
        let faults = claire.post("/v1/booklets", with(field, id)).await.faults();
        assert_eq!(faults, [(format!("/{field}"), code.to_owned())]);
    }
}

#[tokio::test]
async fn a_tutor_changes_the_target_but_assigns_nobody() {
    let world = world().await;
    let path = world.booklet("samira", "");
    let tom = world.as_("tom");
    let changed = tom
        .patch(&path, json!({ "target_closing_on": "2027-06-30" }))
        .await
        .expect(200);
    assert_eq!(
        (&changed["target_closing_on"], &changed["version"]),
        (&json!("2027-06-30"), &json!(2))
    );
    tom.patch(&path, json!({ "tutor_id": world.user_id("tina") }))
        .await
        .refused(403, "forbidden");
    world
        .as_("samira")
        .patch(&path, json!({ "purpose": "x" }))
        .await
        .refused(403, "forbidden");
    let faults = tom
        .patch(&path, json!({ "state": "closed", "purpose": null }))
        .await
        .faults();
    assert!(faults.contains(&("/state".to_owned(), "unknown_field".to_owned())));
    assert!(faults.contains(&("/purpose".to_owned(), "type".to_owned())));
}

#[tokio::test]
async fn a_new_main_tutor_takes_over_and_the_former_is_out_at_once() {
    let world = world().await;
    let path = world.booklet("samira", "");
    let tina = json!({ "tutor_id": world.user_id("tina") });
    world.as_("claire").patch(&path, tina).await.expect(200);
    world.as_("tina").get(&path).await.expect(200);
    world.as_("tom").get(&path).await.refused(404, "not_found");
    let members = world
        .as_("claire")
        .get(&world.booklet("samira", "members"))
        .await
        .expect(200);
    let ended = &members["items"][1];
    assert_eq!(
        (&ended["user_id"], &ended["ends_on"]),
        (&json!(world.user_id("tom")), &json!(world.day(0)))
    );
    let back = json!({ "tutor_id": world.user_id("tom") });
    world.as_("claire").patch(&path, back).await.expect(200);
    world.as_("tom").get(&path).await.expect(200);
}

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
async fn the_list_shows_what_is_within_reach_and_filters_it() {
    let world = world().await;
    let count = async |name: &str, query: &str| {
        let page = world
            .as_(name)
            .get(&format!("/v1/booklets{query}"))
            .await
            .expect(200);
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(count("claire", "").await, 3);
    assert_eq!(count("tom", "").await, 2);
    assert_eq!(count("samira", "").await, 1);
    assert_eq!(count("rose", "").await, 1);
    assert_eq!(count("crm", "").await, 3);
    world
        .as_("claire")
        .post(
            &world.booklet("samira", "close"),
            json!({ "outcome": "none" }),
        )
        .await
        .expect(200);
    assert_eq!(count("claire", "?state=closed").await, 1);
    assert_eq!(count("claire", "?state=open&archived=false").await, 2);
    assert_eq!(count("claire", "?state=active").await, 0);
    assert_eq!(
        count("claire", &format!("?tutor_id={}", world.user_id("tina"))).await,
        1
    );
    let tomorrow = "2999-01-01T00:00:00Z";
    assert_eq!(
        count("claire", &format!("?updated_since={tomorrow}")).await,
        0
    );
    world
        .as_("paul")
        .get("/v1/booklets")
        .await
        .refused(403, "forbidden");
    world
        .as_("ada")
        .get("/v1/booklets")
        .await
        .refused(403, "forbidden");
}

#[tokio::test]
async fn every_change_of_a_booklet_is_in_its_audit() {
    let world = world().await;
    let tom = world.as_("tom");
    tom.patch(
        &world.booklet("samira", ""),
        json!({ "purpose": "Réussir" }),
    )
    .await
    .expect(200);
    tom.post(
        &world.booklet("samira", "suspend"),
        json!({ "reason": "Pause" }),
    )
    .await
    .expect(200);
    let audit = world
        .as_("samira")
        .get(&world.booklet("samira", "audit?limit=1"))
        .await
        .expect(200);
    assert_eq!(audit["items"][0]["type"], "booklet.suspended");
    assert_eq!(audit["items"][0]["state"], "suspended");
    let next = audit["next"].as_str().unwrap();
    let path = world.booklet("samira", &format!("audit?limit=1&after={next}"));
    let event = world.as_("samira").get(&path).await.expect(200)["items"][0].clone();
    assert_eq!(
        (&event["type"], &event["changed"]),
        (&json!("booklet.updated"), &json!(["purpose"]))
    );
    assert_eq!(
        (&event["actor_id"], &event["actor_role"]),
        (&json!(world.user_id("tom")), &json!("tutor"))
    );
    assert!(!event.to_string().contains("Réussir"));
    world
        .as_("tina")
        .get(&world.booklet("samira", "audit"))
        .await
        .refused(404, "not_found");
    world
        .as_("paul")
        .get(&world.booklet("samira", "audit"))
        .await
        .refused(403, "forbidden");
}

#[tokio::test]
async fn other_systems_find_a_booklet_by_the_name_they_gave_it() {
    let world = world().await;
    let crm = world.as_("crm");
    let reference = json!({ "system": "crm", "external_id": "D-7" });
    let body = json!({
        "candidate_id": world.candidate_id("karim"),
        "tutor_id": world.user_id("tina"),
        "external_references": [reference],
    });
    let booklet = crm.post("/v1/booklets", body.clone()).await.expect(201);
    assert_eq!(booklet["external_references"], json!([reference]));
    let found = crm
        .get("/v1/booklets?external_system=crm&external_id=D-7")
        .await
        .expect(200);
    assert_eq!(found["items"], json!([booklet]));
    crm.post("/v1/booklets", body)
        .await
        .refused(409, "external_reference_taken");

    let path = format!("/v1/booklets/{}", booklet["id"].as_str().unwrap());
    let untouched = crm.patch(&path, json!({ "purpose": "Autre" })).await;
    assert_eq!(
        untouched.expect(200)["external_references"],
        json!([reference])
    );
    let none = json!({ "external_references": [] });
    let tina = world.as_("tina");
    tina.patch(&path, none.clone())
        .await
        .refused(403, "forbidden");
    let emptied = crm.patch(&path, none).await.expect(200);
    assert_eq!(emptied["external_references"], json!([]));
    assert_eq!(tina.get(&path).await.expect(200), emptied);
}

#[tokio::test]
async fn a_booklet_keeps_a_watcher_who_was_disabled_but_no_new_one_is() {
    let world = world().await;
    let claire = world.as_("claire");
    let disabled = json!({ "state": "disabled" });
    let vera = world.user_id("vera");
    claire
        .patch(&format!("/v1/users/{vera}"), disabled)
        .await
        .expect(200);
    let same = json!({ "validator_id": vera, "prescriber_id": null });
    let kept = claire.patch(&world.booklet("samira", ""), same).await;
    assert_eq!(kept.expect(200)["validator_id"], json!(vera));
    let new = json!({ "validator_id": vera });
    let faults = claire
        .patch(&world.booklet("karim", ""), new)
        .await
        .faults();
    assert_eq!(
        faults,
        [("/validator_id".to_owned(), "not_allowed".to_owned())]
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
