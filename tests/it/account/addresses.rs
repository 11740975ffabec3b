//! Another e-mail address, confirmed by its owner.

use super::*;

#[tokio::test]
async fn a_link_for_one_thing_does_not_do_another() {
    let world = world().await;
    let reset = reset_mail(&world).await;
    confirm(&world, &reset).await.refused(422, "link_invalid");
    let body = json!({ "token": reset.token(), "password": NEW });
    let accept = "/v1/auth/invitations/accept";
    let refused = world.anonymous().post(accept, body).await;
    refused.refused(422, "invitation_invalid");
    choose(&world, &reset, NEW).await.expect(204);
}

#[tokio::test]
async fn an_address_changes_when_its_owner_confirms_it() {
    let world = world().await;
    let new = "thomas@livret.example";
    want_email(&world, "tom", "Thomas@Livret.example", PASSWORD)
        .await
        .expect(204);
    let mail = world.mails_to(new).await.pop().unwrap();
    assert_eq!(
        mail.subject,
        "Confirmez votre nouvelle adresse électronique"
    );
    assert!(
        mail.text
            .contains("http://livret.example/email-confirmation#token=")
    );
    let notice = world.mails_to(TOM).await.pop().unwrap();
    assert_eq!(
        notice.subject,
        "L'adresse électronique de votre compte va changer"
    );
    log_in(&world, new, PASSWORD)
        .await
        .refused(401, "invalid_credentials");
    log_in(&world, TOM, PASSWORD).await.expect(200);

    confirm(&world, &mail).await.expect(204);
    log_in(&world, TOM, PASSWORD)
        .await
        .refused(401, "invalid_credentials");
    log_in(&world, new, PASSWORD).await.expect(200);
    let me = world.as_("tom").get("/v1/me").await.expect(200);
    assert_eq!(me["email"], new);
    confirm(&world, &mail).await.refused(422, "link_invalid");
    assert_eq!(
        told(&world).await,
        ["user.email_change_requested", "user.email_changed"]
    );
}

#[tokio::test]
async fn a_new_address_needs_the_password_and_a_link_of_a_day() {
    let world = world().await;
    let new = "thomas@livret.example";
    let wrong = want_email(&world, "tom", new, "quatre chevaux verts").await;
    let fault = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
    assert_eq!(wrong.faults(), fault("/current_password", "password_wrong"));
    let own = want_email(&world, "tom", TOM, PASSWORD).await;
    assert_eq!(own.faults(), fault("/email", "not_allowed"));
    let none = want_email(&world, "tom", "thomas", PASSWORD).await;
    assert_eq!(none.faults(), fault("/email", "email"));
    assert!(world.mails().await.is_empty());

    want_email(&world, "tom", new, PASSWORD).await.expect(204);
    let first = world.mails_to(new).await.pop().unwrap();
    want_email(&world, "tom", new, PASSWORD).await.expect(204);
    let second = world.mails_to(new).await.pop().unwrap();
    confirm(&world, &first).await.refused(422, "link_invalid");
    world.clock.advance(TimeDelta::hours(24));
    confirm(&world, &second).await.refused(422, "link_invalid");
}

#[tokio::test]
async fn whether_somebody_has_an_address_is_told_to_whoever_reads_its_mails_alone() {
    let world = world().await;
    let taken = want_email(&world, "tom", "rose@livret.example", PASSWORD).await;
    let free = want_email(&world, "tina", "free@livret.example", PASSWORD).await;
    assert_eq!(taken.expect(204), free.expect(204));
    let mail = world.mails_to("rose@livret.example").await.pop().unwrap();
    confirm(&world, &mail).await.refused(409, "email_taken");
    log_in(&world, TOM, PASSWORD).await.expect(200);
    log_in(&world, "rose@livret.example", PASSWORD)
        .await
        .expect(200);
}

#[tokio::test]
async fn of_two_who_want_one_address_the_first_to_confirm_gets_it() {
    let world = world().await;
    let wanted = "accueil@livret.example";
    for name in ["tom", "tina"] {
        want_email(&world, name, wanted, PASSWORD).await.expect(204);
    }
    let mails = world.mails_to(wanted).await;
    let answers = join_all(mails.iter().map(|mail| confirm(&world, mail))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409]);
}

#[tokio::test]
async fn an_address_that_a_coordinator_changes_voids_what_was_sent_to_the_one_of_before() {
    let world = world().await;
    let link = reset_mail(&world).await;
    let claire = world.as_("claire");
    let tom = format!("/v1/users/{}", world.user_id("tom"));
    let change = json!({ "email": "thomas@livret.example" });
    claire.patch(&tom, change).await.expect(200);
    choose(&world, &link, NEW)
        .await
        .refused(422, "link_invalid");
    let notice = world.mails_to(TOM).await.pop().unwrap();
    assert_eq!(
        notice.subject,
        "L'adresse électronique de votre compte va changer"
    );

    let body = json!({ "email": "lae@livret.example", "given_name": "Léa", "family_name": "F", "role": "tutor" });
    let lea = claire.post("/v1/users", body).await.expect(201);
    let lea = format!("/v1/users/{}", lea["id"].as_str().unwrap());
    let invitation = claire.act(&format!("{lea}/invitation")).await.expect(200);
    let right = json!({ "email": "lea@livret.example" });
    claire.patch(&lea, right).await.expect(200);
    let body = json!({ "token": invitation["token"], "password": NEW });
    let accept = "/v1/auth/invitations/accept";
    let accepted = world.anonymous().post(accept, body).await;
    accepted.refused(422, "invitation_invalid");
    assert!(world.mails_to("lae@livret.example").await.is_empty());
}

#[tokio::test]
async fn what_nobody_can_follow_any_more_is_forgotten() {
    let world = world().await;
    let mail = reset_mail(&world).await;
    world.clock.advance(TimeDelta::minutes(61));
    api::program::server::forget_expired(&world.state)
        .await
        .unwrap();
    choose(&world, &mail, NEW)
        .await
        .refused(422, "link_invalid");
}
