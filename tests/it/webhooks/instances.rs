//! Several instances on one database, and some that die: nothing is lost, and nothing sent twice at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use api::outside::webhooks::dispatch;
use chrono::TimeDelta;
use futures_util::{StreamExt, stream};
use tests::World;

use super::receiver::Received;
use super::{Manner, deliver, happens, log, told_of_all, world};
use crate::it::rows;

const CHANGES: usize = 200;

/// The dispatcher of an instance, until it is told to stop.
fn dispatching(world: &World) -> tokio::task::JoinHandle<()> {
    tokio::spawn(dispatch::run(world.state.clone()))
}

#[tokio::test]
async fn two_instances_deliver_each_change_once() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    let twin = world.twin().await;
    let instances = [dispatching(&world), dispatching(&twin)];
    stream::iter(0..CHANGES)
        .for_each_concurrent(8, async |n| {
            happens(if n % 2 == 0 { &world } else { &twin }).await;
        })
        .await;
    receiver.gets(CHANGES).await;
    for world in [&world, &twin] {
        world.state.ready.store(false, Ordering::Relaxed);
    }
    for instance in instances {
        instance.await.unwrap();
    }
    let received = receiver.received();
    let ids: BTreeSet<&str> = received.iter().map(Received::id).collect();
    let sequences: BTreeSet<Option<i64>> = received
        .iter()
        .map(|one| one.json()["data"]["sequence"].as_i64())
        .collect();
    assert_eq!(
        (received.len(), ids.len(), sequences.len()),
        (CHANGES, CHANGES, CHANGES)
    );
    assert!(
        receiver.most_connected() <= 2 * 4 + 2,
        "{}",
        receiver.most_connected()
    );
    assert!(log(&world, &webhook, "&state=pending").await.is_empty());
}

#[tokio::test]
async fn what_a_dying_instance_had_in_hand_is_delivered_by_another_one() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    receiver.now(Manner::Hangs);
    happens(&world).await;
    let dying = dispatching(&world);
    receiver.gets(1).await;
    // The message has arrived, and nobody will note it.
    dying.abort();
    assert!(dying.await.unwrap_err().is_cancelled());
    receiver.now(Manner::Answers(200, ""));
    let twin = world.twin().await;
    assert_eq!(deliver(&twin).await, 0, "it may still be under way");
    world.clock.advance(TimeDelta::seconds(61));
    assert_eq!(deliver(&twin).await, 1);
    let received = receiver.received();
    assert_eq!(
        (received[0].id(), &received[0].body),
        (received[1].id(), &received[1].body)
    );
    assert_eq!(
        log(&world, &webhook, "&state=delivered").await[0]["attempts"],
        2
    );
}

#[tokio::test]
async fn what_waits_for_a_dead_endpoint_is_bounded_and_comes_when_it_is_back() {
    let world = world().await;
    let (receiver, webhook) = told_of_all(&world).await;
    receiver.now(Manner::Answers(500, ""));
    const MANY: usize = 2600;
    rows::many_events(&world, "horizon", MANY).await;
    dispatch::deliver_due(&world.state).await.unwrap();
    let waiting = rows::count(&world, "webhook_deliveries").await;
    assert!((1000..=1500).contains(&waiting), "{waiting} wait");
    receiver.now(Manner::Answers(200, ""));
    world.clock.advance(TimeDelta::minutes(1));
    deliver(&world).await;
    let mut times: BTreeMap<i64, usize> = BTreeMap::new();
    for message in receiver.received() {
        *times
            .entry(message.json()["data"]["sequence"].as_i64().unwrap())
            .or_default() += 1;
    }
    assert_eq!(times.len(), MANY);
    let again = times.values().filter(|times| **times > 1).count();
    assert!(
        again <= 4,
        "{again} were sent again: those alone that failed"
    );
    assert!(log(&world, &webhook, "&state=pending").await.is_empty());
}
