//! Passwords that cost more than others, and whose turn it is.

use std::num::NonZeroU32;
use std::time::Duration;

use api::foundation::config::{Config, RateLimit};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;
use tests::{Answer, PASSWORD, World};

use super::timed;
use crate::world_with;

fn limited(config: &mut Config) {
    config.rate_limit = RateLimit::PerSecond(NonZeroU32::new(100_000).unwrap());
}

/// What the estimator of strengths takes longest for: many ways to read each letter.
fn costly() -> String {
    "4@8({[<369&!1|0$5+7%2/".chars().cycle().take(128).collect()
}

async fn change(world: &World, name: &str, current: &str, new: &str, prefer: &str) -> Answer {
    let body = json!({ "current_password": current, "new_password": new });
    let headers = [("prefer", prefer)];
    let client = world.as_(name);
    let sent = client.send(Method::POST, "/v1/me/password", Some(body), &headers);
    sent.await
}

/// On the thread that answers requests, one of them kept everybody waiting, and no attempt was counted.
#[tokio::test]
async fn a_costly_password_is_judged_after_the_attempt_was_counted_and_keeps_nobody_waiting() {
    let world = world_with(limited).await;
    let costly = costly();
    for _ in 0..5 {
        let wrong = change(&world, "samira", "not this one", &costly, "dry-run").await;
        let fault = ("/current_password".to_owned(), "password_wrong".to_owned());
        assert_eq!(wrong.faults(), [fault]);
    }
    change(&world, "samira", PASSWORD, &costly, "dry-run")
        .await
        .refused(429, "too_many_attempts");
    let judged = change(&world, "nadia", PASSWORD, &costly, "dry-run");
    let (judged, others) = tokio::join!(judged, async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        timed(world.as_("remi").get("/v1/me")).await
    });
    assert!(matches!(judged.status, 204 | 422), "{}", judged.status);
    let (me, took) = others;
    me.expect(200);
    assert!(took < Duration::from_secs(2), "{took:?}");
}

/// A rehearsal costs what the change itself would.
#[tokio::test]
async fn nobody_fills_the_queue_of_passwords_alone() {
    let world = world_with(limited).await;
    let rehearsals =
        (0..40).map(|_| change(&world, "tom", PASSWORD, "trois moutons bleus", "dry-run"));
    let elsewhere = async {
        let login = json!({ "email": "remi@livret.example", "password": PASSWORD });
        world.anonymous().post("/v1/auth/login", login).await
    };
    let (answers, remi) = tokio::join!(join_all(rehearsals), elsewhere);
    remi.expect(200);
    let refused = answers.iter().filter(|answer| answer.status == 429);
    assert!(refused.count() >= 20);
}

#[tokio::test]
async fn a_password_is_the_same_where_it_is_chosen_and_where_it_is_given() {
    let world = world_with(limited).await;
    let composed = " quatre b\u{e9}liers mauves ";
    change(&world, "tom", PASSWORD, composed, "handling=strict")
        .await
        .expect(204);
    // As another keyboard writes it: a letter and its accent, a blank that does not break.
    let typed = " quatre be\u{301}liers\u{a0}mauves ";
    let login = |password: &str| {
        let body = json!({ "email": "tom@livret.example", "password": password });
        let nobody = world.anonymous();
        async move { nobody.post("/v1/auth/login", body).await }
    };
    login(typed).await.expect(200);
    login(composed).await.expect(200);
    login(composed.trim())
        .await
        .refused(401, "invalid_credentials");
    let faults = login("quatre\u{7}").await.faults();
    assert_eq!(faults, [("/password".to_owned(), "not_allowed".to_owned())]);
    change(
        &world,
        "tom",
        typed,
        "trois moutons bleus",
        "handling=strict",
    )
    .await
    .expect(204);
}
