//! Invited, and by whose hand the account becomes theirs.

use super::*;

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

/// Otherwise an organization keeps people out of all others by naming their addresses.
#[tokio::test]
async fn an_address_is_whose_accepts_and_not_whose_named_it_first() {
    let world = world().await;
    let (claire, rose) = (world.as_("claire"), world.as_("rose"));
    let named = rose.post("/v1/users", lea()).await.expect(201);
    let first = invite(&rose, &named).await;
    let again = rose.post("/v1/users", lea()).await;
    again.refused(409, "email_taken");
    let created = claire.post("/v1/users", lea()).await.expect(201);
    let invitation = invite(&claire, &created).await;
    let (email, password) = ("lea.fontaine@horizon.example", "trois moutons bleus");
    log_in(&world, email, password)
        .await
        .refused(401, "invalid_credentials");

    accept(&world, &invitation).await.expect(200);
    let me = world.log_in(email, password).await.get("/v1/me").await;
    assert_eq!(me.expect(200)["id"], created["id"]);
    accept(&world, &first).await.refused(409, "email_taken");
    // Whoever named it first takes their own account out of the way, or gives it another address.
    let moved = json!({ "email": "lea@ailleurs.example" });
    rose.patch(&path_of(&named), moved).await.expect(200);

    // On paper nobody proves that the address is theirs: whoever reads its mails has it.
    let again = rose.post("/v1/users", lea()).await.expect(201);
    let handed = invite(&rose, &again).await;
    accept(&world, &handed).await.refused(409, "email_taken");
    let mailed = world.mails_to(email).await.pop().unwrap();
    accept(&world, &json!({ "token": mailed.token() }))
        .await
        .expect(200);
    let me = world.log_in(email, password).await.get("/v1/me").await;
    assert_eq!(me.expect(200)["id"], again["id"]);
    let lost = claire.get(&path_of(&created)).await.expect(200);
    assert_eq!(lost["state"], "invited");
    let changes = claire.get("/v1/changes?limit=100").await.expect(200);
    let told = changes["items"].as_array().unwrap().iter();
    let mut told = told.filter(|change| change["type"] == "user.address_lost");
    let told = told.next().unwrap();
    assert_eq!(
        (&told["resource_id"], &told["actor_id"]),
        (&created["id"], &Value::Null)
    );
}

#[tokio::test]
async fn who_is_disabled_elsewhere_can_be_hired() {
    let world = world().await;
    let (claire, rose) = (world.as_("claire"), world.as_("rose"));
    let mut remi = lea();
    remi["email"] = json!("remi@livret.example");
    let refused = claire.post("/v1/users", remi.clone()).await;
    refused.refused(409, "email_taken");
    let disabled = json!({ "state": "disabled" });
    rose.patch(&user(&world, "remi"), disabled)
        .await
        .expect(200);
    let hired = claire.post("/v1/users", remi).await.expect(201);
    let handed = invite(&claire, &hired).await;
    accept(&world, &handed).await.refused(409, "email_taken");
    let mailed = world.mails_to("remi@livret.example").await.pop().unwrap();
    accept(&world, &json!({ "token": mailed.token() }))
        .await
        .expect(200);
    let former = rose.get(&user(&world, "remi")).await.expect(200);
    assert_eq!(former["state"], "disabled");
    let back = json!({ "state": "active" });
    let refused = rose.patch(&user(&world, "remi"), back).await;
    refused.refused(409, "invalid_transition");
}
