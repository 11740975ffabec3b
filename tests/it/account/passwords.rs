//! Forgotten and changed passwords.

use super::*;

#[tokio::test]
async fn a_forgotten_password_is_replaced_through_a_mail() {
    let world = world().await;
    let before = log_in(&world, TOM, PASSWORD).await.expect(200);
    forget_password(&world, "Tom@Livret.EXAMPLE")
        .await
        .expect(204);
    let mail = world.mails_to(TOM).await.pop().unwrap();
    assert_eq!(mail.subject, "Choisir un nouveau mot de passe");
    assert!(
        mail.text
            .contains("http://livret.example/password-reset#token=")
    );
    // Nothing has changed yet.
    world.as_("tom").get("/v1/me").await.expect(200);

    choose(&world, &mail, NEW).await.expect(204);
    world
        .as_("tom")
        .get("/v1/me")
        .await
        .refused(401, "unauthenticated");
    let old = json!({ "refresh_token": before["refresh_token"] });
    let renewed = world.anonymous().post("/v1/auth/refresh", old).await;
    renewed.refused(401, "invalid_refresh_token");
    log_in(&world, TOM, PASSWORD)
        .await
        .refused(401, "invalid_credentials");
    log_in(&world, TOM, NEW).await.expect(200);
    let notice = world.mails_to(TOM).await.pop().unwrap();
    assert_eq!(notice.subject, "Votre mot de passe a changé");
    assert_eq!(
        told(&world).await,
        ["user.password_reset_requested", "user.password_reset"]
    );
}

#[tokio::test]
async fn whoever_asks_for_whatever_address_is_answered_alike() {
    let world = world().await;
    let claire = world.as_("claire");
    let tina = format!("/v1/users/{}", world.user_id("tina"));
    claire
        .patch(&tina, json!({ "state": "disabled" }))
        .await
        .expect(200);
    let body = json!({ "email": "lea@livret.example", "given_name": "Léa", "family_name": "F", "role": "tutor" });
    claire.post("/v1/users", body).await.expect(201);
    for email in [
        TOM,
        "nobody@livret.example",
        "tina@livret.example",
        "lea@livret.example",
    ] {
        let before = world.state.db.statements();
        let answer = forget_password(&world, email).await;
        // The same work, too.
        assert_eq!(world.state.db.statements() - before, 1, "{email}");
        assert_eq!(answer.expect(204), Value::Null);
    }
    let mails = world.mails().await;
    let to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(to, [TOM]);
    assert_eq!(rows::mails(&world).await.len(), 1);
}

#[tokio::test]
async fn a_link_for_a_new_password_works_once_even_at_once() {
    let world = world().await;
    let mail = reset_mail(&world).await;
    let answers = join_all((0..4).map(|_| choose(&world, &mail, NEW))).await;
    let done = answers.iter().filter(|answer| answer.status == 204).count();
    assert_eq!(done, 1);
    choose(&world, &mail, NEW)
        .await
        .refused(422, "link_invalid");
}

#[tokio::test]
async fn a_link_for_a_new_password_lives_an_hour() {
    let world = world().await;
    let mail = reset_mail(&world).await;
    world.clock.advance(TimeDelta::minutes(60));
    choose(&world, &mail, NEW)
        .await
        .refused(422, "link_invalid");
    let mail = reset_mail(&world).await;
    world.clock.advance(TimeDelta::minutes(59));
    choose(&world, &mail, NEW).await.expect(204);
}

#[tokio::test]
async fn a_newer_link_voids_the_earlier_and_none_follows_within_a_minute() {
    let world = world().await;
    let first = reset_mail(&world).await;
    forget_password(&world, TOM).await.expect(204);
    assert_eq!(world.mails_to(TOM).await.len(), 1);
    world.clock.advance(TimeDelta::minutes(2));
    let second = reset_mail(&world).await;
    assert_ne!(first.token(), second.token());
    choose(&world, &first, NEW)
        .await
        .refused(422, "link_invalid");
    choose(&world, &second, NEW).await.expect(204);
}

#[tokio::test]
async fn a_password_easy_to_guess_is_refused_and_the_link_stays_good() {
    let world = world().await;
    let mail = reset_mail(&world).await;
    let weak = choose(&world, &mail, "tom.livret").await.faults();
    assert_eq!(weak, [("/password".to_owned(), "password_weak".to_owned())]);
    choose(&world, &mail, NEW).await.expect(204);
}

#[tokio::test]
async fn a_disabled_account_cannot_be_won_back_with_a_link_sent_before() {
    let world = world().await;
    let mail = reset_mail(&world).await;
    let tom = format!("/v1/users/{}", world.user_id("tom"));
    let claire = world.as_("claire");
    claire
        .patch(&tom, json!({ "state": "disabled" }))
        .await
        .expect(200);
    choose(&world, &mail, NEW)
        .await
        .refused(422, "link_invalid");
    claire
        .patch(&tom, json!({ "state": "active" }))
        .await
        .expect(200);
    choose(&world, &mail, NEW)
        .await
        .refused(422, "link_invalid");
    // Let in again, but not the sessions of before.
    world
        .as_("tom")
        .get("/v1/me")
        .await
        .refused(401, "unauthenticated");
    log_in(&world, TOM, PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_person_changes_their_password_and_keeps_the_session_they_do_it_in() {
    let world = world().await;
    let elsewhere = log_in(&world, TOM, PASSWORD).await.expect(200);
    let link = reset_mail(&world).await;
    let change = |current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        let tom = world.as_("tom");
        async move { tom.post("/v1/me/password", body).await }
    };
    let fault = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
    let wrong = change("quatre chevaux verts", NEW).await.faults();
    assert_eq!(wrong, fault("/current_password", "password_wrong"));
    let weak = change(PASSWORD, "tom.livret").await.faults();
    assert_eq!(weak, fault("/new_password", "password_weak"));
    let short = change(PASSWORD, "court").await.faults();
    assert_eq!(short, fault("/new_password", "min_length"));
    change(PASSWORD, NEW).await.expect(204);

    world.as_("tom").get("/v1/me").await.expect(200);
    let token = elsewhere["access_token"].as_str().unwrap();
    let elsewhere = world.anonymous().bearing(token);
    elsewhere
        .get("/v1/me")
        .await
        .refused(401, "unauthenticated");
    choose(&world, &link, "deux vaches rousses")
        .await
        .refused(422, "link_invalid");
    log_in(&world, TOM, PASSWORD)
        .await
        .refused(401, "invalid_credentials");
    log_in(&world, TOM, NEW).await.expect(200);
    assert_eq!(told(&world).await.last().unwrap(), "user.password_changed");
    let notice = world.mails_to(TOM).await.pop().unwrap();
    assert_eq!(notice.subject, "Votre mot de passe a changé");
}

#[tokio::test]
async fn of_two_changes_of_a_password_at_once_one_is_made() {
    let world = world().await;
    let change = |new: &str| {
        let body = json!({ "current_password": PASSWORD, "new_password": new });
        let tom = world.as_("tom");
        async move { tom.post("/v1/me/password", body).await }
    };
    let answers = join_all([change(NEW), change("deux vaches rousses")]).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 422]);
}

/// Whenever the new password comes in between, nobody stays signed in by the old one.
#[tokio::test]
async fn no_session_by_the_old_password_outlives_the_new_one() {
    let world = world().await;
    let mut let_in = 0;
    for round in 0..3 {
        let mail = reset_mail(&world).await;
        let old = match round {
            0 => PASSWORD.to_owned(),
            _ => format!("{NEW} {}", round - 1),
        };
        let log_ins = join_all((0..8).map(|_| log_in(&world, TOM, &old)));
        let new = format!("{NEW} {round}");
        let (answers, chosen) = tokio::join!(log_ins, choose(&world, &mail, &new));
        chosen.expect(204);
        for answer in answers.into_iter().filter(|answer| answer.status == 200) {
            let token = answer.body["access_token"].as_str().unwrap();
            let late = world.anonymous().bearing(token).get("/v1/me").await;
            late.refused(401, "unauthenticated");
            let_in += 1;
        }
        // A link a minute.
        world.clock.advance(TimeDelta::minutes(2));
    }
    assert!(let_in > 0, "nobody came in between");
}
