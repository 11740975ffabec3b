//! Written, read, linked to an account, and gone.

use super::*;

#[tokio::test]
async fn a_coordinator_writes_reads_and_changes_a_candidate() {
    let world = world().await;
    let claire = world.as_("claire");
    let created = claire.post("/v1/candidates", elodie()).await;
    let path = created.header("location").unwrap().to_owned();
    assert_eq!(created.header("etag"), Some("\"1\""));
    let created = created.expect(201);
    assert_eq!(created["preferred_channel"], "email");
    assert_eq!(created["external_references"], json!([]));
    assert_eq!(
        [&created["user_id"], &created["birth_date"]],
        [&Value::Null, &Value::Null]
    );
    assert_eq!(claire.get(&path).await.expect(200), created);

    let change = json!({ "birth_date": "1987-04-12", "email": "Elodie@Exemple.FR", "phone": "+33612345678", "preferred_channel": "sms", "accessibility_needs": "Interprète LSF" });
    let changed = claire.patch(&path, change).await.expect(200);
    assert_eq!(changed["email"], "elodie@exemple.fr");
    assert_eq!(changed["version"], 2);
    let erased = claire
        .patch(&path, json!({ "email": null }))
        .await
        .expect(200);
    assert_eq!(erased["email"], Value::Null);
    assert_eq!(erased["phone"], "+33612345678");
}

#[tokio::test]
async fn faults_of_a_candidate_come_with_their_pointers() {
    let world = world().await;
    let claire = world.as_("claire");
    let mut faults = claire
        .post(
            "/v1/candidates",
            json!({ "given_name": "", "phone": "0612", "search": "x", "preferred_channel": "fax" }),
        )
        .await
        .faults();
    faults.sort();
    let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(
        faults,
        [
            fault("/family_name", "required"),
            fault("/given_name", "min_length"),
            fault("/phone", "pattern"),
            fault("/preferred_channel", "enum"),
            fault("/search", "unknown_field"),
        ]
    );
    let tomorrow = world.day(1);
    let unborn = json!({ "given_name": "A", "family_name": "B", "birth_date": tomorrow });
    let refused = claire.post("/v1/candidates", unborn).await.faults();
    assert_eq!(refused, [fault("/birth_date", "maximum")]);
    let patch = json!({ "birth_date": tomorrow });
    let refused = claire.patch(&candidate(&world, "karim"), patch).await;
    assert_eq!(refused.faults(), [fault("/birth_date", "maximum")]);
    let today = json!({ "birth_date": world.day(0) });
    claire
        .patch(&candidate(&world, "karim"), today)
        .await
        .expect(200);
}

#[tokio::test]
async fn a_candidate_sees_themselves_and_a_tutor_those_they_accompany() {
    let world = world().await;
    let id = |name| world.candidate_id(name);
    assert_eq!(ids(&world.as_("samira"), "").await, [id("samira")]);
    let mut accompanied = ids(&world.as_("tom"), "").await;
    accompanied.sort();
    let mut expected = [id("samira"), id("karim")];
    expected.sort();
    assert_eq!(accompanied, expected);
    assert_eq!(ids(&world.as_("tina"), "").await, [id("nadia")]);
    assert_eq!(ids(&world.as_("claire"), "").await.len(), 3);
    assert_eq!(ids(&world.as_("crm"), "").await.len(), 3);

    let samira = candidate(&world, "samira");
    for reader in ["samira", "tom", "claire", "crm"] {
        let person = world.as_(reader);
        person.get(&samira).await.expect(200);
        person
            .patch(&samira, json!({ "phone": "+33612345678" }))
            .await
            .expect(200);
    }
    for stranger in ["nadia", "tina", "rita", "remi", "rose"] {
        let person = world.as_(stranger);
        person.get(&samira).await.refused(404, "not_found");
        person
            .patch(&samira, json!({ "phone": "+33612345678" }))
            .await
            .refused(404, "not_found");
    }
    for role in ["paul", "vera", "ada"] {
        let person = world.as_(role);
        person.get(&samira).await.refused(403, "forbidden");
        person.get("/v1/candidates").await.refused(403, "forbidden");
        person
            .post("/v1/candidates", elodie())
            .await
            .refused(403, "forbidden");
    }
    for role in ["samira", "tom"] {
        let person = world.as_(role);
        person
            .post("/v1/candidates", elodie())
            .await
            .refused(403, "forbidden");
    }
    for role in ["samira", "tom", "crm"] {
        world
            .as_(role)
            .delete(&samira)
            .await
            .refused(403, "forbidden");
    }
    world
        .as_("crm")
        .post("/v1/candidates", elodie())
        .await
        .expect(201);
}

#[tokio::test]
async fn an_account_is_linked_to_one_candidate_by_the_organization_alone() {
    let world = world().await;
    let claire = world.as_("claire");
    let karim = candidate(&world, "karim");
    let fault = |code: &str| [("/user_id".to_owned(), code.to_owned())];
    let link = |name| json!({ "user_id": world.user_id(name) });

    claire
        .patch(&karim, link("samira"))
        .await
        .refused(409, "user_linked");
    let refused = claire.patch(&karim, link("tina")).await.faults();
    assert_eq!(refused, fault("wrong_role"));
    let refused = claire.patch(&karim, link("rita")).await.faults();
    assert_eq!(refused, fault("unknown_reference"));
    let refused = claire
        .patch(&karim, json!({ "user_id": Uuid::nil() }))
        .await
        .faults();
    assert_eq!(refused, fault("unknown_reference"));

    let zoe = account(&claire, "zoe@horizon.example").await;
    for name in ["tom", "samira"] {
        let own = candidate(&world, "samira");
        let person = world.as_(name);
        person
            .patch(&own, json!({ "user_id": zoe }))
            .await
            .refused(403, "forbidden");
        person
            .patch(&own, json!({ "user_id": null }))
            .await
            .refused(403, "forbidden");
        person
            .patch(&own, json!({ "external_references": [] }))
            .await
            .refused(403, "forbidden");
    }
    let link = json!({ "user_id": zoe });
    let linked = world.as_("crm").patch(&karim, link).await.expect(200);
    assert_eq!(linked["user_id"], zoe);
    let zoe = zoe.as_str().unwrap();
    assert_eq!(
        ids(&claire, &format!("?user_id={zoe}")).await,
        [world.candidate_id("karim")]
    );
    let body = json!({ "given_name": "A", "family_name": "B", "user_id": zoe });
    claire
        .post("/v1/candidates", body)
        .await
        .refused(409, "user_linked");
    claire
        .patch(&karim, json!({ "user_id": null }))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_candidate_goes_with_their_booklets_and_leaves_the_events() {
    let world = world().await;
    let claire = world.as_("claire");
    let call =
        json!({ "contacted_on": "2026-11-20", "contact_mode": "phone", "comment": "Bonjour" });
    let follow_up = world
        .as_("tom")
        .post(&world.booklet("samira", "follow-ups"), call)
        .await
        .expect(201);
    let follow_up = format!("/v1/follow-ups/{}", follow_up["id"].as_str().unwrap());
    let samira = candidate(&world, "samira");
    let without_version = claire.send(Method::DELETE, &samira, None, &[]).await;
    without_version.refused(428, "precondition_required");
    claire.delete(&samira).await.expect(204);

    claire.get(&samira).await.refused(404, "not_found");
    claire.get(&follow_up).await.refused(404, "not_found");
    world
        .as_("tom")
        .get(&follow_up)
        .await
        .refused(404, "not_found");
    assert_eq!(ids(&claire, "").await.len(), 2);
    let booklet = world.booklet_id("samira");
    assert_eq!(
        events(&world, event::Column::BookletId, booklet).await,
        ["follow_up.created", "booklet.deleted"]
    );
    let person = world.candidate_id("samira");
    assert_eq!(
        events(&world, event::Column::ResourceId, person).await,
        ["candidate.deleted"]
    );
    // The account is another matter.
    let account = format!("/v1/users/{}", world.user_id("samira"));
    claire.delete(&account).await.expect(204);
}

#[expect(clippy::disallowed_methods, reason = "what HTTP does not show yet")]
async fn events(world: &World, column: event::Column, id: Uuid) -> Vec<String> {
    let events = event::Entity::find().filter(column.eq(id));
    let mut events = events.all(world.state.db.reader()).await.unwrap();
    events.sort_by_key(|event| event.sequence);
    events.into_iter().map(|event| event.kind).collect()
}
