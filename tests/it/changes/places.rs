//! Places in the feed: who follows them misses nothing, in whatever order writers commit.

use std::collections::BTreeSet;

use api::foundation::database;
use api::foundation::database::Transaction;
use api::kit::new_id;
use api::outside::changes::store::{Wanted, after};
use entity::event;
use entity::values::Texts;
use migration::MigratorTrait;
use sea_orm::{ActiveModelTrait, ActiveValue::NotSet, Set};
use tests::{Chance, World};
use uuid::Uuid;

use crate::world;

/// A transaction under way, and what it wrote.
struct Writer {
    txn: Transaction,
    wrote: Vec<i64>,
}

/// Somebody who follows the feed.
#[derive(Default)]
struct Reader {
    position: i64,
    seen: Vec<i64>,
}

impl Reader {
    /// Reads on, and says how much came.
    async fn read(&mut self, world: &World, limit: usize) -> usize {
        let wanted = Wanted {
            organization_id: world.organization_id("horizon"),
            ..Wanted::default()
        };
        let found = after(&world.state, &wanted, self.position, limit as u64)
            .await
            .unwrap();
        for event in &found.events {
            let position = event.position.unwrap();
            assert!(position > self.position, "a place below one already read");
            self.position = position;
            self.seen.push(event.sequence);
        }
        assert!(found.next >= self.position);
        self.position = found.next;
        found.events.len()
    }

    async fn read_to_the_end(&mut self, world: &World) {
        while self.read(world, 100).await > 0 {}
    }
}

pub(super) async fn write(world: &World, txn: &Transaction, organization_id: Uuid) -> i64 {
    let event = event::ActiveModel {
        sequence: NotSet,
        organization_id: Set(Some(organization_id)),
        at: Set(world.clock.now()),
        actor_id: Set(None),
        actor_role: Set("system".to_owned()),
        kind: Set("follow_up.created".to_owned()),
        resource: Set("follow_up".to_owned()),
        resource_id: Set(new_id()),
        booklet_id: Set(None),
        version: Set(1),
        state: Set(None),
        changed: Set(Texts::default()),
        request_id: Set("a-test-of-places".to_owned()),
        private_to: Set(None),
        content_sha256: Set(None),
        traceparent: Set(None),
        position: NotSet,
        link: NotSet,
    };
    event.insert(txn).await.unwrap().sequence
}

async fn begin(world: &World) -> Writer {
    Writer {
        txn: world.state.db.begin().await.unwrap(),
        wrote: Vec::new(),
    }
}

/// Writers begin, write and commit in any order; readers read in between, and one reads at the end.
async fn play(world: &World, mut chance: Chance) {
    let horizon = world.organization_id("horizon");
    let at_once = world.writers_at_once();
    let mut writers: Vec<Writer> = Vec::new();
    let mut readers: Vec<Reader> = (0..3).map(|_| Reader::default()).collect();
    let mut committed = BTreeSet::new();
    let (mut given_up, mut late) = (0, 0);
    for _ in 0..800 {
        let chosen = chance.below(writers.len().max(1));
        match chance.below(10) {
            0 | 1 if writers.len() < at_once => writers.push(begin(world).await),
            2..=4 if !writers.is_empty() => {
                let writer = &mut writers[chosen];
                writer.wrote.push(write(world, &writer.txn, horizon).await);
            }
            5 if !writers.is_empty() => {
                let writer = writers.remove(chosen);
                let highest = committed.last().copied().unwrap_or_default();
                late += usize::from(writer.wrote.iter().any(|sequence| *sequence < highest));
                writer.txn.commit().await.unwrap();
                committed.extend(writer.wrote);
            }
            6 if !writers.is_empty() => {
                let writer = writers.remove(chosen);
                given_up += writer.wrote.len();
                writer.txn.rollback().await.unwrap();
            }
            // Reading gives places, which is writing.
            7.. if writers.len() < at_once => {
                let reader = chance.below(readers.len());
                let limit = 1 + chance.below(7);
                readers[reader].read(world, limit).await;
            }
            _ => {}
        }
    }
    for writer in writers {
        writer.txn.commit().await.unwrap();
        committed.extend(writer.wrote);
    }
    readers.push(Reader::default());
    for reader in &mut readers {
        reader.read_to_the_end(world).await;
        assert_eq!(
            reader.seen.iter().copied().collect::<BTreeSet<_>>(),
            committed
        );
        assert_eq!(reader.seen.len(), committed.len(), "something came twice");
        assert_eq!(reader.seen, readers_order(world).await);
    }
    assert!(committed.len() > 30, "too little was written");
    assert!(given_up > 0);
    assert!(at_once == 1 || late > 3, "nobody committed late");
}

/// What somebody reads who comes now.
async fn readers_order(world: &World) -> Vec<i64> {
    let mut reader = Reader::default();
    reader.read_to_the_end(world).await;
    reader.seen
}

#[tokio::test]
async fn whoever_follows_places_misses_nothing_however_writers_commit() {
    for run in 0..3 {
        play(&world().await, Chance::seeded(run)).await;
    }
}

#[tokio::test]
async fn what_was_written_first_and_committed_last_comes_last() {
    let world = world().await;
    let horizon = world.organization_id("horizon");
    let mut reader = Reader::default();
    let mut writers = Vec::new();
    for _ in 0..world.writers_at_once() {
        let mut writer = begin(&world).await;
        writer.wrote.push(write(&world, &writer.txn, horizon).await);
        writers.push(writer);
    }
    let mut expected = Vec::new();
    while let Some(writer) = writers.pop() {
        writer.txn.commit().await.unwrap();
        expected.extend(writer.wrote);
        assert_eq!(reader.read(&world, 10).await, 1);
    }
    assert_eq!(reader.seen, expected);
}

#[tokio::test]
async fn feeds_of_organizations_are_numbered_each_for_itself() {
    let world = world().await;
    let organizations = ["horizon", "rivage"].map(|name| world.organization_id(name));
    let writer = begin(&world).await;
    for _ in 0..3 {
        for id in organizations {
            write(&world, &writer.txn, id).await;
        }
    }
    writer.txn.commit().await.unwrap();
    for organization_id in organizations {
        let wanted = Wanted {
            organization_id,
            ..Wanted::default()
        };
        let found = after(&world.state, &wanted, 0, 100).await.unwrap();
        let places: Vec<_> = found.events.iter().map(|event| event.position).collect();
        assert_eq!(places, [Some(1), Some(2), Some(3)]);
        let is_own = |event: &event::Model| event.organization_id == Some(organization_id);
        assert!(found.events.iter().all(is_own));
        assert_eq!(found.next, 3);
    }
}

#[tokio::test]
async fn what_happened_before_there_was_a_feed_has_its_place_in_it() {
    let world = world().await;
    let horizon = world.organization_id("horizon");
    let mut writer = begin(&world).await;
    for _ in 0..3 {
        writer.wrote.push(write(&world, &writer.txn, horizon).await);
    }
    writer.txn.commit().await.unwrap();
    let config = &world.state.config;
    let before_the_feed = 16;
    let since = migration::Migrator::migrations().len() - before_the_feed;
    let since = u32::try_from(since).unwrap();
    database::migrate_down(config, since).await.unwrap();
    database::migrate(config).await.unwrap();
    assert_eq!(readers_order(&world).await, writer.wrote);
}
