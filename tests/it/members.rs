//! Who accompanies a booklet.

use serde_json::{Value, json};

use crate::world;

#[tokio::test]
async fn an_observer_reads_a_substitute_writes_and_an_ended_member_does_neither() {
    let world = world().await;
    let (claire, tina) = (world.as_("claire"), world.as_("tina"));
    let members = world.booklet("samira", "members");
    let follow_ups = world.booklet("samira", "follow-ups");
    let call =
        || json!({ "contacted_on": "2026-11-20", "contact_mode": "sms", "comment": "Bonjour" });
    tina.get(&follow_ups).await.refused(404, "not_found");
    let observer = json!({ "user_id": world.user_id("tina"), "kind": "observer" });
    let member = claire.post(&members, observer).await.expect(201);
    let path = format!("/v1/booklet-members/{}", member["id"].as_str().unwrap());
    tina.get(&follow_ups).await.expect(200);
    tina.post(&follow_ups, call())
        .await
        .refused(404, "not_found");
    claire
        .patch(&path, json!({ "kind": "substitute" }))
        .await
        .expect(200);
    tina.post(&follow_ups, call()).await.expect(201);
    let ended = claire
        .patch(&path, json!({ "ends_on": world.day(0) }))
        .await
        .expect(200);
    assert_eq!(
        (&ended["given_name"], &ended["ends_on"]),
        (&json!("Tina"), &json!(world.day(0)))
    );
    tina.get(&follow_ups).await.refused(404, "not_found");
    tina.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_membership_begins_on_its_first_day() {
    let world = world().await;
    let body =
        json!({ "user_id": world.user_id("tina"), "kind": "observer", "starts_on": world.day(1) });
    world
        .as_("claire")
        .post(&world.booklet("samira", "members"), body)
        .await
        .expect(201);
    let path = world.booklet("samira", "");
    world.as_("tina").get(&path).await.refused(404, "not_found");
    world.advance_days(1);
    world.as_("tina").get(&path).await.expect(200);
}

#[tokio::test]
async fn the_main_tutor_stays_until_another_is_named() {
    let world = world().await;
    let claire = world.as_("claire");
    let members = claire
        .get(&world.booklet("samira", "members?current=true"))
        .await
        .expect(200);
    let main = format!(
        "/v1/booklet-members/{}",
        members["items"][0]["id"].as_str().unwrap()
    );
    claire.delete(&main).await.refused(409, "main_tutor");
    claire
        .patch(&main, json!({ "ends_on": world.day(0) }))
        .await
        .refused(409, "main_tutor");
    claire
        .patch(&main, json!({ "kind": "observer" }))
        .await
        .refused(409, "main_tutor");
}

#[tokio::test]
async fn nobody_is_a_member_twice_at_once_and_only_tutors_are() {
    let world = world().await;
    let claire = world.as_("claire");
    let members = world.booklet("samira", "members");
    let add = |name: &str| json!({ "user_id": world.user_id(name), "kind": "substitute" });
    let twice = claire.post(&members, add("tina")).await.expect(201);
    claire
        .post(&members, add("tina"))
        .await
        .refused(409, "conflict");
    claire
        .delete(&format!(
            "/v1/booklet-members/{}",
            twice["id"].as_str().unwrap()
        ))
        .await
        .expect(204);
    claire.post(&members, add("tina")).await.expect(201);
    let faults = claire.post(&members, add("vera")).await.faults();
    assert_eq!(faults, [("/user_id".to_owned(), "wrong_role".to_owned())]);
    let mut backwards = add("tina");
    backwards["starts_on"] = json!("2026-11-20");
    backwards["ends_on"] = json!("2026-11-19");
    let faults = claire.post(&members, backwards).await.faults();
    assert_eq!(faults, [("/ends_on".to_owned(), "dates_order".to_owned())]);
    world
        .as_("tom")
        .post(&members, Value::Null)
        .await
        .refused(403, "forbidden");
}

#[tokio::test]
async fn an_ended_membership_comes_back_for_a_tutor_who_is_not_yet_a_member() {
    let world = world().await;
    let claire = world.as_("claire");
    let members = world.booklet("samira", "members");
    let theo = || json!({ "user_id": world.user_id("theo"), "kind": "substitute" });
    let path = |member: &Value| format!("/v1/booklet-members/{}", member["id"].as_str().unwrap());
    let former = path(&claire.post(&members, theo()).await.expect(201));
    let end = json!({ "ends_on": world.day(0) });
    let (again, later) = (
        json!({ "ends_on": null }),
        json!({ "ends_on": world.day(9) }),
    );
    claire.patch(&former, end.clone()).await.expect(200);
    let present = path(&claire.post(&members, theo()).await.expect(201));
    for back in [&again, &later] {
        claire
            .patch(&former, back.clone())
            .await
            .refused(409, "conflict");
    }
    claire.delete(&present).await.expect(204);
    claire.patch(&former, again.clone()).await.expect(200);
    claire.patch(&former, later).await.expect(200);
    claire.patch(&former, end).await.expect(200);

    let account = format!("/v1/users/{}", world.user_id("theo"));
    for (change, code) in [
        (json!({ "state": "disabled" }), "not_allowed"),
        (
            json!({ "state": "active", "role": "validator" }),
            "wrong_role",
        ),
    ] {
        claire.patch(&account, change).await.expect(200);
        let faults = claire.patch(&former, again.clone()).await.faults();
        assert_eq!(faults, [("/ends_on".to_owned(), code.to_owned())]);
    }
}
