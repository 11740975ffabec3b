//! The people who can sign in, and how they are invited.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Answer, Client, PASSWORD, World};

use super::rows;
use crate::world;

fn lea() -> Value {
    json!({ "email": "Lea.Fontaine@Horizon.example", "given_name": "Léa", "family_name": "Fontaine", "role": "tutor" })
}

fn user(world: &World, name: &str) -> String {
    format!("/v1/users/{}", world.user_id(name))
}

fn path_of(user: &Value) -> String {
    format!("/v1/users/{}", user["id"].as_str().unwrap())
}

async fn invite(client: &Client, user: &Value) -> Value {
    let path = format!("{}/invitation", path_of(user));
    client.act(&path).await.expect(200)
}

async fn accept(world: &World, invitation: &Value) -> Answer {
    let body = json!({ "token": invitation["token"], "password": "trois moutons bleus" });
    let path = "/v1/auth/invitations/accept";
    world.anonymous().post(path, body).await
}

async fn log_in(world: &World, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    world.anonymous().post("/v1/auth/login", body).await
}

/// The roles that the people in a list have, sorted.
fn roles(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap();
    let mut roles: Vec<&str> = items
        .iter()
        .map(|item| item["role"].as_str().unwrap())
        .collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

#[tokio::test]
async fn an_invited_person_chooses_a_password_and_signs_in() {
    let world = world().await;
    let claire = world.as_("claire");
    let created = claire.post("/v1/users", lea()).await.expect(201);
    assert_eq!(created["state"], "invited");
    assert_eq!(created["email"], "lea.fontaine@horizon.example");
    assert_eq!(
        created["organization_id"],
        world.organization_id("horizon").to_string()
    );

    let invitation = invite(&claire, &created).await;
    let token = invitation["token"].as_str().unwrap();
    assert_eq!(
        invitation["url"],
        format!("http://livret.example/invitation#token={token}")
    );
    let weak = json!({ "token": token, "password": "lea.fontaine" });
    let answer = world
        .anonymous()
        .post("/v1/auth/invitations/accept", weak)
        .await;
    assert_eq!(
        answer.faults(),
        [("/password".to_owned(), "password_weak".to_owned())]
    );
    let tokens = accept(&world, &invitation).await.expect(200);
    assert_eq!(tokens["token_type"], "Bearer");
    let active = claire.get(&path_of(&created)).await.expect(200);
    assert_eq!(active["state"], "active");
    log_in(
        &world,
        "lea.fontaine@horizon.example",
        "trois moutons bleus",
    )
    .await
    .expect(200);

    accept(&world, &invitation)
        .await
        .refused(422, "invitation_invalid");
    claire
        .act(&format!("{}/invitation", path_of(&created)))
        .await
        .refused(409, "invalid_transition");
}

#[tokio::test]
async fn a_new_invitation_voids_the_earlier_one() {
    let world = world().await;
    let claire = world.as_("claire");
    let created = claire.post("/v1/users", lea()).await.expect(201);
    let first = invite(&claire, &created).await;
    let second = invite(&claire, &created).await;
    accept(&world, &first)
        .await
        .refused(422, "invitation_invalid");
    accept(&world, &second).await.expect(200);
}

#[tokio::test]
async fn an_invitation_expires_after_two_weeks() {
    let world = world().await;
    let claire = world.as_("claire");
    let created = claire.post("/v1/users", lea()).await.expect(201);
    let invitation = invite(&claire, &created).await;
    world.clock.advance(TimeDelta::days(14));
    accept(&world, &invitation)
        .await
        .refused(422, "invitation_invalid");
    let invitation = invite(&claire, &created).await;
    world.clock.advance(TimeDelta::days(13));
    accept(&world, &invitation).await.expect(200);
}

#[tokio::test]
async fn an_invitation_is_accepted_once_even_at_once() {
    let world = world().await;
    let claire = world.as_("claire");
    let created = claire.post("/v1/users", lea()).await.expect(201);
    let invitation = invite(&claire, &created).await;
    let attempts = (0..4).map(|_| accept(&world, &invitation));
    let answers = futures_util::future::join_all(attempts).await;
    let accepted = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn a_disabled_invitee_cannot_accept() {
    let world = world().await;
    let claire = world.as_("claire");
    let created = claire.post("/v1/users", lea()).await.expect(201);
    let invitation = invite(&claire, &created).await;
    let disabled = json!({ "state": "disabled" });
    let path = path_of(&created);
    claire.patch(&path, disabled).await.expect(200);
    accept(&world, &invitation)
        .await
        .refused(422, "invitation_invalid");
    claire
        .patch(&path, json!({ "state": "active" }))
        .await
        .refused(409, "invalid_transition");
    claire
        .patch(&path, json!({ "state": "invited" }))
        .await
        .expect(200);
    // The invitation of before stays void.
    accept(&world, &invitation)
        .await
        .refused(422, "invitation_invalid");
    let invitation = invite(&claire, &created).await;
    accept(&world, &invitation).await.expect(200);
}

#[tokio::test]
async fn of_invitations_made_at_once_one_works() {
    let world = world().await;
    let claire = world.as_("claire");
    let created = claire.post("/v1/users", lea()).await.expect(201);
    let invitations = (0..4).map(|_| invite(&claire, &created));
    let mut accepted = 0;
    for invitation in futures_util::future::join_all(invitations).await {
        accepted += usize::from(accept(&world, &invitation).await.status == 200);
    }
    assert_eq!(accepted, 1);
}

#[tokio::test]
async fn another_system_makes_accounts_but_never_holds_their_invitation() {
    let world = world().await;
    let created = world.as_("crm").post("/v1/users", lea()).await.expect(201);
    let path = format!("{}/invitation", path_of(&created));
    for name in ["crm", "tom", "samira"] {
        world.as_(name).act(&path).await.refused(403, "forbidden");
    }
    world.as_("rose").act(&path).await.refused(404, "not_found");
    let invitation = invite(&world.as_("claire"), &created).await;
    accept(&world, &invitation).await.expect(200);
}

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
    claire
        .patch(&user(&world, "tom"), json!({ "role": "coordinator" }))
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
async fn a_tutor_sees_names_alone() {
    let world = world().await;
    let claire = user(&world, "claire");
    let seen = world.as_("tom").get(&claire).await.expect(200);
    assert_eq!(seen["given_name"], "Claire");
    assert_eq!(seen["role"], "coordinator");
    for hidden in [
        "email",
        "phone",
        "locale",
        "last_login_at",
        "external_references",
    ] {
        assert_eq!(seen[hidden], Value::Null, "{hidden}");
    }
    let list = world.as_("tom").get("/v1/users").await.expect(200);
    let items = list["items"].as_array().unwrap();
    assert!(items.len() > 5);
    let home = world.organization_id("horizon").to_string();
    assert!(
        items
            .iter()
            .all(|item| item["email"].is_null() && item["organization_id"] == home)
    );
    world
        .as_("tom")
        .patch(&claire, json!({ "phone": null }))
        .await
        .refused(403, "forbidden");
    world
        .as_("tom")
        .post("/v1/users", lea())
        .await
        .refused(403, "forbidden");
    world
        .as_("remi")
        .get(&claire)
        .await
        .refused(404, "not_found");
}

#[tokio::test]
async fn candidates_prescribers_and_validators_see_themselves_alone() {
    let world = world().await;
    for name in ["samira", "paul", "vera"] {
        let person = world.as_(name);
        let list = person.get("/v1/users").await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        let own = person.get(&user(&world, name)).await.expect(200);
        assert_eq!(own["email"], format!("{name}@livret.example"));
        person
            .get(&user(&world, "tom"))
            .await
            .refused(404, "not_found");
        person
            .patch(&user(&world, name), json!({ "phone": null }))
            .await
            .refused(403, "forbidden");
    }
}

#[tokio::test]
async fn the_admin_reaches_coordinators_alone() {
    let world = world().await;
    let ada = world.as_("ada");
    let list = ada.get("/v1/users").await.expect(200);
    assert_eq!(roles(&list), ["coordinator"]);
    ada.get(&user(&world, "claire")).await.expect(200);
    ada.patch(&user(&world, "rose"), json!({ "phone": "+33467000000" }))
        .await
        .expect(200);
    ada.get(&user(&world, "tom"))
        .await
        .refused(404, "not_found");
    ada.delete(&user(&world, "tom"))
        .await
        .refused(404, "not_found");
    let mut new = lea();
    new["organization_id"] = json!(world.organization_id("rivage"));
    ada.post("/v1/users", new.clone())
        .await
        .refused(403, "forbidden");
    new["role"] = json!("coordinator");
    let created = ada.post("/v1/users", new.clone()).await.expect(201);
    assert_eq!(created["organization_id"], new["organization_id"]);
    new["organization_id"] = Value::Null;
    new["email"] = json!("autre@rivage.example");
    let pointer = "/organization_id".to_owned();
    let faults = ada.post("/v1/users", new.clone()).await.faults();
    assert_eq!(faults, [(pointer.clone(), "required".to_owned())]);
    new["organization_id"] = json!(world.user_id("tom"));
    let faults = ada.post("/v1/users", new).await.faults();
    assert_eq!(faults, [(pointer, "unknown_reference".to_owned())]);
}

#[tokio::test]
async fn an_integration_reaches_candidates_and_tutors_alone() {
    let world = world().await;
    let crm = world.as_("crm");
    let list = crm.get("/v1/users").await.expect(200);
    assert_eq!(roles(&list), ["candidate", "tutor"]);
    let change = || json!({ "phone": "+33612345678" });
    crm.patch(&user(&world, "tom"), change()).await.expect(200);
    for name in ["claire", "paul", "vera", "remi", "ada"] {
        let path = user(&world, name);
        crm.get(&path).await.refused(404, "not_found");
        crm.patch(&path, change()).await.refused(404, "not_found");
    }
    crm.delete(&user(&world, "tom"))
        .await
        .refused(403, "forbidden");
    let created = crm.post("/v1/users", lea()).await.expect(201);
    crm.patch(&path_of(&created), json!({ "role": "coordinator" }))
        .await
        .refused(403, "forbidden");
    let mut coordinator = lea();
    coordinator["role"] = json!("coordinator");
    crm.post("/v1/users", coordinator)
        .await
        .refused(403, "forbidden");
}

#[tokio::test]
async fn nobody_makes_an_admin_or_a_user_of_another_organization() {
    let world = world().await;
    let claire = world.as_("claire");
    for role in ["admin", "integration"] {
        let mut new = lea();
        new["role"] = json!(role);
        let faults = claire.post("/v1/users", new).await.faults();
        assert_eq!(faults, [("/role".to_owned(), "not_allowed".to_owned())]);
    }
    for organization in ["horizon", "rivage"] {
        let mut new = lea();
        new["organization_id"] = json!(world.organization_id(organization));
        let faults = claire.post("/v1/users", new).await.faults();
        assert_eq!(
            faults,
            [("/organization_id".to_owned(), "not_allowed".to_owned())]
        );
    }
    let mut new = lea();
    new["state"] = json!("active");
    let faults = claire.post("/v1/users", new).await.faults();
    assert_eq!(faults, [("/state".to_owned(), "unknown_field".to_owned())]);
}

#[tokio::test]
async fn users_are_listed_by_role_state_and_what_another_system_calls_them() {
    let world = world().await;
    let claire = world.as_("claire");
    let mut new = lea();
    new["external_references"] = json!([{ "system": "paie", "external_id": "42" }]);
    let created = claire.post("/v1/users", new.clone()).await.expect(201);
    for query in [
        "?state=invited",
        "?role=tutor&state=invited",
        "?external_system=paie",
        "?external_id=42",
    ] {
        let list = claire.get(&format!("/v1/users{query}")).await.expect(200);
        assert_eq!(list["items"], json!([created]), "{query}");
    }
    for query in ["?external_system=paie", "?external_id=42"] {
        let path = format!("/v1/users{query}");
        let hidden = world.as_("tom").get(&path).await.expect(200);
        assert_eq!(hidden["items"], json!([]), "{query}");
    }
    let tutors = claire.get("/v1/users?role=tutor").await.expect(200);
    assert_eq!(roles(&tutors), ["tutor"]);
    claire
        .get("/v1/users?role=chef")
        .await
        .refused(400, "malformed_query");
    new["email"] = json!("autre@horizon.example");
    claire
        .post("/v1/users", new.clone())
        .await
        .refused(409, "external_reference_taken");
    claire.delete(&path_of(&created)).await.expect(204);
    claire.post("/v1/users", new).await.expect(201);
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
