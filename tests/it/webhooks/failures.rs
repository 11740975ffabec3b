//! Endpoints that fail: they are tried again for days, left alone when they ask for it, and disabled
//! in the end; nothing gets lost.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::World;

use super::{Manner, Receiver, at, deliver, happens, log, seen, told_of_all, webhook_to, world};

#[tokio::test]
async fn the_same_message_is_sent_until_it_is_taken() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    receiver.now(Manner::Answers(500, ""));
    happens(&world).await;
    assert_eq!(deliver(&world).await, 1);
    let [pending] = &log(&world, &webhook, "").await[..] else {
        panic!("one delivery");
    };
    assert_eq!(pending["state"], "pending");
    assert_eq!(
        (&pending["last_status"], &pending["last_error"]),
        (&json!(500), &json!("status"))
    );
    assert_ne!(seen(&world, &webhook).await["failing_since"], Value::Null);
    // In ten seconds at the earliest, in thirty the second time.
    world.clock.advance(TimeDelta::seconds(9));
    assert_eq!(deliver(&world).await, 0);
    world.clock.advance(TimeDelta::seconds(4));
    assert_eq!(deliver(&world).await, 1);
    world.clock.advance(TimeDelta::seconds(29));
    assert_eq!(deliver(&world).await, 0);
    receiver.now(Manner::Answers(200, ""));
    world.clock.advance(TimeDelta::seconds(9));
    assert_eq!(deliver(&world).await, 1);
    let received = receiver.received();
    assert_eq!(received.len(), 3);
    for message in &received {
        assert_eq!(message.id(), received[0].id());
        assert_eq!(message.body, received[0].body);
    }
    assert_ne!(
        received[0].header("webhook-timestamp"),
        received[2].header("webhook-timestamp")
    );
    let told = &log(&world, &webhook, "&state=delivered").await[0];
    assert_eq!(
        (&told["attempts"], &told["last_error"]),
        (&json!(3), &Value::Null)
    );
    assert_eq!(seen(&world, &webhook).await["failing_since"], Value::Null);
    world.advance_days(4);
    assert_eq!(deliver(&world).await, 0);
}

#[tokio::test]
async fn an_endpoint_that_asks_for_time_is_left_alone() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    receiver.now(Manner::Answers(429, "Retry-After: 600\r\n"));
    happens(&world).await;
    assert_eq!(deliver(&world).await, 1);
    assert_ne!(seen(&world, &webhook).await["held_until"], Value::Null);
    receiver.now(Manner::Answers(200, ""));
    // Not with another message either.
    happens(&world).await;
    world.clock.advance(TimeDelta::seconds(599));
    assert_eq!(deliver(&world).await, 0);
    world.clock.advance(TimeDelta::seconds(2));
    assert_eq!(deliver(&world).await, 2);
    assert_eq!(seen(&world, &webhook).await["held_until"], Value::Null);
    // However long it asks for, a day is the most.
    receiver.now(Manner::Answers(503, "Retry-After: 99999999\r\n"));
    happens(&world).await;
    deliver(&world).await;
    world.clock.advance(TimeDelta::hours(24));
    assert_eq!(deliver(&world).await, 1);
}

#[tokio::test]
async fn a_redirect_is_a_failure_and_is_not_followed() {
    let world = world().await;
    let elsewhere = Receiver::start().await;
    for status in [301, 302, 303, 307, 308] {
        let receiver = Receiver::that(Manner::Decides(std::sync::Arc::new(move |_| status))).await;
        webhook_to(&world, &receiver.url).await;
    }
    let redirecting = Receiver::that(Manner::Redirects(elsewhere.url.clone())).await;
    let webhook = webhook_to(&world, &redirecting.url).await;
    happens(&world).await;
    assert_eq!(deliver(&world).await, 6);
    assert_eq!(elsewhere.reached(), 0);
    let told = &log(&world, &webhook, "").await[0];
    assert_eq!(
        (&told["last_error"], &told["last_status"]),
        (&json!("redirect"), &json!(307))
    );
    assert_eq!(told["state"], "pending");
}

#[tokio::test]
async fn nobody_there_is_told_apart_from_a_bad_answer() {
    let world = world().await;
    let closed = webhook_to(&world, "http://127.0.0.1:1/livret").await;
    let unknown = webhook_to(&world, "https://nowhere.example/livret").await;
    happens(&world).await;
    deliver(&world).await;
    for webhook in [closed, unknown] {
        let told = &log(&world, &webhook, "").await[0];
        assert_eq!(
            (&told["last_error"], &told["last_status"]),
            (&json!("connection"), &Value::Null)
        );
    }
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_disabled_at_once_and_can_come_back() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    receiver.now(Manner::Answers(410, ""));
    happens(&world).await;
    assert_eq!(deliver(&world).await, 1);
    let told = seen(&world, &webhook).await;
    assert_eq!(
        (&told["state"], &told["disabled_reason"]),
        (&json!("disabled"), &json!("gone"))
    );
    happens(&world).await;
    world.advance_days(10);
    assert_eq!(deliver(&world).await, 0);
    assert_eq!(receiver.received().len(), 1);
    receiver.now(Manner::Answers(200, ""));
    enable(&world, &webhook, "where_it_stopped").await;
    assert_eq!(deliver(&world).await, 2, "nothing is lost");
    assert_eq!(receiver.received()[0].id(), receiver.received()[1].id());
}

#[tokio::test]
async fn an_endpoint_that_fails_for_days_is_disabled_and_the_coordinators_are_told() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    receiver.now(Manner::Answers(500, ""));
    // One event a day: each is tried for three days.
    let mut days = 0;
    while seen(&world, &webhook).await["state"] == "active" {
        happens(&world).await;
        for _ in 0..24 {
            deliver(&world).await;
            world.clock.advance(TimeDelta::hours(1));
        }
        days += 1;
        assert!(days < 9, "it is still active");
    }
    assert!((5..8).contains(&days), "disabled after {days} days");
    let told = seen(&world, &webhook).await;
    assert_eq!(told["disabled_reason"], "failing");
    let failed = log(&world, &webhook, "&state=failed").await;
    assert!(!failed.is_empty());
    assert!(
        failed.iter().all(|one| one["attempts"].as_i64() >= Some(8)),
        "{failed:#?}"
    );
    let event = crate::it::rows::events(&world, "webhook")
        .await
        .pop()
        .unwrap();
    assert_eq!(
        (event.kind.as_str(), event.actor_role.as_str()),
        ("webhook.disabled", "system")
    );
    let mails = world.mails_to("claire@livret.example").await;
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0]
            .text
            .contains(receiver.url.trim_end_matches("/livret")),
        "{}",
        mails[0].text
    );
    assert!(
        !mails[0].text.contains("/livret"),
        "an address may hold a secret"
    );
    // It is well again: what waited and what happened meanwhile is delivered.
    happens(&world).await;
    let before = receiver.received().len();
    receiver.now(Manner::Answers(200, ""));
    enable(&world, &webhook, "where_it_stopped").await;
    let delivered = deliver(&world).await;
    assert_eq!(receiver.received().len(), before + delivered);
    assert_eq!(log(&world, &webhook, "&state=pending").await.len(), 0);
    let all = delivered + failed.len();
    assert_eq!(
        log(&world, &webhook, "").await.len(),
        all,
        "given up, or delivered now"
    );
}

#[tokio::test]
async fn one_failure_after_long_silence_disables_nothing() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    receiver.now(Manner::Answers(500, ""));
    happens(&world).await;
    for _ in 0..40 {
        deliver(&world).await;
        world.clock.advance(TimeDelta::hours(6));
    }
    assert_eq!(log(&world, &webhook, "&state=failed").await.len(), 1);
    happens(&world).await;
    deliver(&world).await;
    assert_eq!(seen(&world, &webhook).await["state"], "active");
}

#[tokio::test]
async fn a_webhook_may_pass_over_what_it_missed() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    receiver.now(Manner::Answers(500, ""));
    happens(&world).await;
    deliver(&world).await;
    let claire = world.as_("claire");
    claire
        .act(&format!("{}/disable", at(&webhook)))
        .await
        .expect(200);
    happens(&world).await;
    receiver.now(Manner::Answers(200, ""));
    enable(&world, &webhook, "now").await;
    world.advance_days(1);
    assert_eq!(deliver(&world).await, 0);
    assert_eq!(log(&world, &webhook, "&state=skipped").await.len(), 1);
    happens(&world).await;
    assert_eq!(deliver(&world).await, 1);
}

async fn enable(world: &World, webhook: &Value, from: &str) {
    let path = format!("{}/enable", at(webhook));
    let enabled = world
        .as_("claire")
        .post(&path, json!({ "resume": from }))
        .await;
    assert_eq!(enabled.expect(200)["state"], "active");
}
