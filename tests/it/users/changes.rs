//! Changed, disabled, deleted: what must stay, and what ends at once.

use super::*;

#[tokio::test]
async fn the_private_notes_of_somebody_deleted_go_and_the_shared_stay() {
    let world = world().await;
    let claire = world.as_("claire");
    let theo = json!({ "user_id": world.user_id("theo"), "kind": "substitute" });
    let members = world.booklet("samira", "members");
    let member = claire.post(&members, theo).await.expect(201);
    let notes = world.booklet("samira", "notes");
    let note = |visibility: &str| json!({ "body": "Un mot.", "visibility": visibility });
    let theo = world.as_("theo");
    let private = theo.post(&notes, note("private")).await.expect(201);
    let shared = theo.post(&notes, note("shared")).await.expect(201);
    let toms = world.as_("tom").post(&notes, note("private")).await;
    let member = member["id"].as_str().unwrap();
    claire
        .delete(&format!("/v1/booklet-members/{member}"))
        .await
        .expect(204);
    claire.delete(&user(&world, "theo")).await.expect(204);
    let left = rows::note_ids(&world).await;
    assert_eq!(json!(left), json!([shared["id"], toms.expect(201)["id"]]));
    let events = rows::events(&world, "note").await;
    let last = events.last().unwrap();
    assert_eq!(
        (last.kind.as_str(), last.private_to),
        ("note.deleted", Some(world.user_id("theo")))
    );
    assert_eq!(json!(last.resource_id), private["id"]);
}

#[tokio::test]
async fn an_e_mail_address_is_one_persons_whatever_its_case() {
    let world = world().await;
    let claire = world.as_("claire");
    let created = claire.post("/v1/users", lea()).await.expect(201);
    claire
        .post("/v1/users", lea())
        .await
        .refused(409, "email_taken");
    let mut elsewhere = lea();
    elsewhere["email"] = json!("REMI@livret.example");
    claire
        .post("/v1/users", elsewhere.clone())
        .await
        .refused(409, "email_taken");
    let change = json!({ "email": elsewhere["email"] });
    claire
        .patch(&path_of(&created), change)
        .await
        .refused(409, "email_taken");
}

#[tokio::test]
async fn an_organization_keeps_an_active_coordinator() {
    let world = world().await;
    let claire = world.as_("claire");
    let own = user(&world, "claire");
    let refused = "last_coordinator";
    claire
        .patch(&own, json!({ "state": "disabled" }))
        .await
        .refused(409, refused);
    claire
        .patch(&own, json!({ "role": "tutor" }))
        .await
        .refused(409, refused);
    claire.delete(&own).await.refused(409, refused);
    world
        .as_("ada")
        .patch(&own, json!({ "state": "disabled" }))
        .await
        .refused(409, refused);
    // Somebody who has not yet accepted does not count.
    let mut second = lea();
    second["role"] = json!("coordinator");
    let second = claire.post("/v1/users", second).await.expect(201);
    claire
        .patch(&own, json!({ "state": "disabled" }))
        .await
        .refused(409, refused);
    let invitation = invite(&claire, &second).await;
    accept(&world, &invitation).await.expect(200);
    claire
        .patch(&own, json!({ "state": "disabled" }))
        .await
        .expect(200);
}

#[tokio::test]
async fn of_two_coordinators_leaving_at_once_one_stays() {
    let world = world().await;
    let claire = world.as_("claire");
    let mut second = lea();
    second["role"] = json!("coordinator");
    let second = claire.post("/v1/users", second).await.expect(201);
    let invitation = invite(&claire, &second).await;
    accept(&world, &invitation).await.expect(200);
    let ada = world.as_("ada");
    let disabled = || json!({ "state": "disabled" });
    let (first, second) = (user(&world, "claire"), path_of(&second));
    let answers = tokio::join!(
        ada.patch(&first, disabled()),
        ada.patch(&second, disabled())
    );
    let mut statuses = [answers.0.status, answers.1.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn the_role_of_somebody_who_accompanies_a_booklet_stays() {
    let world = world().await;
    let claire = world.as_("claire");
    // A coordinator may tutor, but not a prescriber.
    claire
        .patch(&user(&world, "tom"), json!({ "role": "prescriber" }))
        .await
        .refused(409, "in_use");
    claire
        .patch(&user(&world, "samira"), json!({ "role": "tutor" }))
        .await
        .refused(409, "in_use");
    // Nobody becomes tutor of the booklet that they validate.
    for name in ["paul", "vera"] {
        claire
            .patch(&user(&world, name), json!({ "role": "tutor" }))
            .await
            .refused(409, "in_use");
    }
    for name in ["tom", "samira", "paul", "vera"] {
        let path = user(&world, name);
        claire.delete(&path).await.refused(409, "in_use");
    }
    let created = claire.post("/v1/users", lea()).await.expect(201);
    let path = path_of(&created);
    let changed = claire.patch(&path, json!({ "role": "coordinator" })).await;
    assert_eq!(changed.expect(200)["role"], "coordinator");
    claire.delete(&path).await.expect(204);
    claire.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_disabled_person_is_refused_at_the_next_request() {
    let world = world().await;
    let claire = world.as_("claire");
    let tina = world.as_("tina");
    tina.get("/v1/me").await.expect(200);
    let path = user(&world, "tina");
    claire
        .patch(&path, json!({ "state": "disabled" }))
        .await
        .expect(200);
    tina.get("/v1/me").await.refused(401, "unauthenticated");
    claire
        .patch(&path, json!({ "state": "active" }))
        .await
        .expect(200);
    // The session has ended; a new one is another.
    tina.get("/v1/me").await.refused(401, "unauthenticated");
    log_in(&world, "tina@livret.example", PASSWORD)
        .await
        .expect(200);
}

#[tokio::test]
async fn a_person_whose_role_changed_is_refused_at_the_next_request() {
    let world = world().await;
    let vera = world.as_("vera");
    let claire = world.as_("claire");
    let path = user(&world, "vera");
    // Of no booklet any more.
    claire
        .delete(&format!("/v1/candidates/{}", world.candidate_id("samira")))
        .await
        .expect(204);
    claire
        .patch(&path, json!({ "role": "tutor" }))
        .await
        .expect(200);
    vera.get("/v1/me").await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn references_that_stay_the_same_are_not_written_again() {
    let world = world().await;
    let claire = world.as_("claire");
    let mut new = lea();
    new["external_references"] = json!([{ "system": "paie", "external_id": "42" }]);
    let created = claire.post("/v1/users", new).await.expect(201);
    let before = rows::reference_ids(&world).await;
    let change = json!({
        "phone": "+33612345678",
        "external_references": created["external_references"],
    });
    claire.patch(&path_of(&created), change).await.expect(200);
    assert_eq!(rows::reference_ids(&world).await, before);
    assert_eq!(before.len(), 1);
}

/// A link to a new password can be sent there.
#[tokio::test]
async fn the_address_of_an_active_account_is_moved_by_coordinators_alone() {
    let world = world().await;
    let moved = json!({ "email": "elsewhere@livret.example" });
    for (mover, owner) in [("crm", "tom"), ("crm", "samira"), ("ada", "claire")] {
        let account = format!("/v1/users/{}", world.user_id(owner));
        let faults = world
            .as_(mover)
            .patch(&account, moved.clone())
            .await
            .faults();
        let expected = [("/email".to_owned(), "not_allowed".to_owned())];
        assert_eq!(faults, expected, "{mover} {owner}");
        // All else is theirs to change.
        let name = json!({ "given_name": "Alix" });
        world.as_(mover).patch(&account, name).await.expect(200);
    }
    let tom = format!("/v1/users/{}", world.user_id("tom"));
    world.as_("claire").patch(&tom, moved).await.expect(200);
}
