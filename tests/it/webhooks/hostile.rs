//! Receivers that hang, fail, redirect inwards or talk for ever cost little, and no other endpoint's
//! deliveries.

use std::sync::atomic::Ordering;

use api::outside::webhooks::dispatch;
use tests::World;

use super::{Manner, Receiver, happens, log, seen, webhook_to, world};

const CHANGES: usize = 30;

/// A receiver of this manner, and the webhook to it.
async fn hostile(world: &World, manner: Manner) -> (Receiver, serde_json::Value) {
    let receiver = Receiver::that(manner).await;
    let webhook = webhook_to(world, &receiver.url).await;
    (receiver, webhook)
}

#[tokio::test]
async fn hostile_receivers_cost_little_and_no_other_endpoint_s_deliveries() {
    let world = world().await;
    let inward = Receiver::start().await;
    let mut hostile_ones = Vec::new();
    for manner in [
        Manner::Hangs,
        Manner::Hangs,
        Manner::Answers(500, ""),
        Manner::Redirects(inward.url.clone()),
        Manner::Endlessly,
        Manner::Slowly,
    ] {
        hostile_ones.push(hostile(&world, manner).await);
    }
    let (healthy, _) = hostile(&world, Manner::Answers(200, "")).await;
    let dispatching = tokio::spawn(dispatch::run(world.state.clone()));
    for _ in 0..CHANGES {
        happens(&world).await;
    }
    // Those that hang do so for 15 seconds: nobody waits for them.
    let started = std::time::Instant::now();
    healthy.gets(CHANGES).await;
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    assert_eq!(inward.reached(), 0);
    for (receiver, _) in &hostile_ones[..4] {
        let most = receiver.most_connected();
        assert!(most <= 4, "{most} connections to {}", receiver.url);
    }
    // Who says yes is done with, however long they go on talking.
    for (_, webhook) in &hostile_ones[4..] {
        for _ in 0..200 {
            if log(&world, webhook, "&state=delivered").await.len() == CHANGES {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        assert_eq!(
            log(&world, webhook, "&state=delivered").await.len(),
            CHANGES
        );
    }
    let failing = seen(&world, &hostile_ones[2].1).await;
    assert!(failing["failing_since"].is_string());
    world.state.ready.store(false, Ordering::Relaxed);
    dispatching.abort();
}

#[tokio::test]
async fn an_endpoint_that_hangs_is_left_after_fifteen_seconds() {
    let world = world().await;
    let (receiver, webhook) = hostile(&world, Manner::Hangs).await;
    happens(&world).await;
    dispatch::deliver_due(&world.state).await.unwrap();
    let told = &log(&world, &webhook, "").await[0];
    assert_eq!(told["last_error"], "timeout");
    let took = told["last_duration_ms"].as_i64().unwrap();
    assert!((15_000..25_000).contains(&took), "{took} ms");
    assert_eq!(receiver.received().len(), 1);
}

/// One organization took all the places there were, and another's message came after minutes.
#[tokio::test]
async fn hanging_receivers_of_one_organization_take_no_place_of_anothers() {
    let world = world().await;
    let mut hanging = Vec::new();
    for _ in 0..12 {
        hanging.push(hostile(&world, Manner::Hangs).await.0);
    }
    let healthy = Receiver::start().await;
    let body = serde_json::json!({ "url": healthy.url, "topics": ["*"] });
    let rose = world.as_("rose");
    rose.post("/v1/webhooks", body).await.expect(201);
    for _ in 0..CHANGES {
        happens(&world).await;
    }
    let dispatching = tokio::spawn(dispatch::run(world.state.clone()));
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    let began = std::time::Instant::now();
    let new = serde_json::json!({ "given_name": "Awa", "family_name": "Diop" });
    rose.post("/v1/candidates", new).await.expect(201);
    healthy.gets(1).await;
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
    let under_way: usize = hanging.iter().map(Receiver::most_connected).sum();
    assert!(under_way <= 16, "{under_way} at once");
    world.state.ready.store(false, Ordering::Relaxed);
    dispatching.abort();
}
