//! The property that the feed is for: whoever follows `next`, with whatever limits, at whatever
//! instance, sees each committed change exactly once and in rising order, while writers write.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use api::foundation::database::is_unavailable;
use entity::event;
use futures_util::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tests::{Answer, Chance, Client, World};

use super::changes;
use super::places::write;
use crate::world;

/// A change as everybody must see it.
type Seen = Vec<(i64, String)>;

#[tokio::test]
async fn every_reader_sees_every_committed_change_exactly_once_in_rising_order() {
    let world = Arc::new(world().await);
    let twin = Arc::new(world.twin().await);
    let mut chance = Chance::seeded(0);
    let is_over = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for n in 0..6 {
        let instance = if n % 2 == 0 { &world } else { &twin };
        let (instance, chance) = (instance.clone(), chance.split());
        writers.push(tokio::spawn(async move {
            match n {
                0 | 1 => by_http(&instance, chance).await,
                _ => by_long_transactions(&instance, chance).await,
            }
        }));
    }
    let mut readers = Vec::new();
    for (n, name) in ["claire", "crm", "claire", "rose"].into_iter().enumerate() {
        let instance = if n % 2 == 0 { &twin } else { &world };
        let (client, chance) = (instance.as_(name), chance.split());
        let is_over = is_over.clone();
        readers.push(tokio::spawn(follow(client, chance, is_over)));
    }
    for writer in join_all(writers).await {
        writer.unwrap();
    }
    is_over.store(true, Ordering::Relaxed);
    let mut seen: Vec<Seen> = Vec::new();
    for reader in join_all(readers).await {
        seen.push(reader.unwrap());
    }
    let others = seen.pop().unwrap();
    let committed = committed(&world, "horizon").await;
    assert!(committed.len() > 100, "{}", committed.len());
    for seen in seen {
        assert_eq!(seen, committed);
    }
    assert_eq!(others, self::committed(&world, "rivage").await);
    assert!(!others.is_empty());
}

/// Reads on and on, and to the end when nothing is written any more.
async fn follow(client: Client, mut chance: Chance, is_over: Arc<AtomicBool>) -> Seen {
    let mut cursor = String::new();
    let mut seen = Seen::new();
    loop {
        let was_over = is_over.load(Ordering::Relaxed);
        let limit = (1 + chance.below(9)).to_string();
        let wait = chance.below(2).to_string();
        let path = changes(&[("after", &cursor), ("limit", &limit), ("wait", &wait)]);
        let page = patiently(|| client.get(&path)).await.expect(200);
        let items = page["items"].as_array().unwrap();
        for item in items {
            let sequence = item["sequence"].as_i64().unwrap();
            assert!(seen.last().is_none_or(|(last, _)| *last < sequence));
            seen.push((sequence, item["resource_id"].as_str().unwrap().to_owned()));
        }
        if was_over && items.is_empty() {
            return seen;
        }
        page["next"].as_str().unwrap().clone_into(&mut cursor);
    }
}

/// Asks again where one is told to come back: on SQLite two instances want one file, and have no queue.
async fn patiently<F: Future<Output = Answer>>(send: impl Fn() -> F) -> Answer {
    loop {
        let answer = send().await;
        if answer.status != 503 {
            return answer;
        }
    }
}

/// As the API does it: one transaction for each request, some of which change nothing.
async fn by_http(world: &World, mut chance: Chance) {
    let (claire, rose) = (world.as_("claire"), world.as_("rose"));
    for n in 0..25 {
        let body = json!({ "given_name": format!("N{n}"), "family_name": "Essai" });
        let client = if chance.below(4) == 0 { &rose } else { &claire };
        let made = patiently(|| client.post("/v1/candidates", body.clone())).await;
        let made: Value = made.expect(201);
        if chance.below(3) == 0 {
            let path = format!("/v1/candidates/{}", made["id"].as_str().unwrap());
            patiently(|| client.delete(&path)).await.expect(204);
        }
    }
}

/// Transactions of any length, some of which are given up.
async fn by_long_transactions(world: &World, mut chance: Chance) {
    let horizon = world.organization_id("horizon");
    for _ in 0..15 {
        let txn = loop {
            match world.state.db.begin().await {
                Err(error) if is_unavailable(&error) => {}
                begun => break begun.unwrap(),
            }
        };
        for _ in 0..=chance.below(3) {
            write(world, &txn, horizon).await;
            let pause = Duration::from_millis(chance.below(8) as u64);
            tokio::time::sleep(pause).await;
        }
        if chance.below(6) == 0 {
            txn.rollback().await.unwrap();
        } else {
            txn.commit().await.unwrap();
        }
    }
}

/// What is in the table at the end, by the places that were given.
#[expect(clippy::disallowed_methods, reason = "a test asks for all")]
async fn committed(world: &World, organization: &str) -> Seen {
    let id = world.organization_id(organization);
    let events = event::Entity::find()
        .filter(event::Column::OrganizationId.eq(id))
        .all(world.state.db.reader())
        .await
        .unwrap();
    let placed: BTreeMap<i64, String> = events
        .iter()
        .map(|event| (event.position.unwrap(), event.resource_id.to_string()))
        .collect();
    assert_eq!(placed.len(), events.len());
    placed.into_iter().collect()
}
