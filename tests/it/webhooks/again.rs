//! Delivering again: one message, or a period.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::World;

use super::{Manner, at, deliver, happens, log, told_of_all, world};

#[tokio::test]
async fn a_message_is_delivered_again_under_the_same_id() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    happens(&world).await;
    deliver(&world).await;
    let delivery = log(&world, &webhook, "").await.remove(0);
    let path = format!(
        "/v1/webhook-deliveries/{}/redeliver",
        delivery["id"].as_str().unwrap()
    );
    let again = world.as_("claire").act(&path).await.expect(200);
    assert_eq!(
        (&again["state"], &again["attempts"]),
        (&json!("pending"), &json!(0))
    );
    assert_eq!(deliver(&world).await, 1);
    let received = receiver.received();
    assert_eq!(
        (received[0].id(), &received[0].body),
        (received[1].id(), &received[1].body)
    );
}

#[tokio::test]
async fn what_was_given_up_is_delivered_again() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    receiver.now(Manner::Answers(500, ""));
    happens(&world).await;
    for _ in 0..80 {
        deliver(&world).await;
        world.clock.advance(TimeDelta::hours(1));
    }
    assert_eq!(log(&world, &webhook, "&state=failed").await.len(), 1);
    receiver.now(Manner::Answers(200, ""));
    happens(&world).await;
    deliver(&world).await;
    let since = world.clock.now() - TimeDelta::days(4);
    let failed = json!({ "since": since, "failed_only": true });
    assert_eq!(
        redeliver(&world, &webhook, failed).await,
        json!({ "queued": 1, "next": null })
    );
    assert_eq!(deliver(&world).await, 1);
    assert_eq!(log(&world, &webhook, "&state=delivered").await.len(), 2);
}

#[tokio::test]
async fn a_period_is_delivered_again() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    for _ in 0..4 {
        happens(&world).await;
        world.clock.advance(TimeDelta::hours(1));
    }
    deliver(&world).await;
    let now = world.clock.now();
    let hours_ago = |minutes: i64| now - TimeDelta::minutes(minutes);
    // The second and the third one.
    let middle = json!({ "since": hours_ago(190), "until": hours_ago(110) });
    assert_eq!(redeliver(&world, &webhook, middle).await["queued"], 2);
    assert_eq!(deliver(&world).await, 2);
    let ids: Vec<String> = receiver
        .received()
        .iter()
        .map(|one| one.id().to_owned())
        .collect();
    let mut again = ids[4..].to_vec();
    again.sort();
    let mut first = ids[1..3].to_vec();
    first.sort();
    assert_eq!(again, first);
    // And what comes after a place in the feed.
    let log = log(&world, &webhook, "").await;
    let after = log
        .iter()
        .filter_map(|one| one["sequence"].as_i64())
        .max()
        .unwrap()
        - 1;
    let rest = json!({ "since": hours_ago(600), "after": after });
    assert_eq!(redeliver(&world, &webhook, rest).await["queued"], 1);
    let path = format!("{}/redeliver", at(&webhook));
    let claire = world.as_("claire");
    for (until, code) in [
        (hours_ago(601), "minimum"),
        (hours_ago(600) + TimeDelta::days(32), "period_too_long"),
    ] {
        let body = json!({ "since": hours_ago(600), "until": until });
        let faults = claire.post(&path, body).await.faults();
        assert_eq!(faults, [("/until".to_owned(), code.to_owned())]);
    }
    for (since, code) in [
        (world.clock.now() - TimeDelta::days(32), "period_too_long"),
        (world.clock.now() + TimeDelta::days(1), "maximum"),
    ] {
        let faults = claire.post(&path, json!({ "since": since })).await.faults();
        assert_eq!(faults, [("/since".to_owned(), code.to_owned())]);
    }
}

async fn redeliver(world: &World, webhook: &Value, body: Value) -> Value {
    let path = format!("{}/redeliver", at(webhook));
    world.as_("claire").post(&path, body).await.expect(200)
}
