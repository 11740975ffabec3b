//! How chains grow: at once, in rounds, under other keys, and not after a cut.

use api::foundation::database::Transaction;
use api::outside::changes::assign_numbers;
use api::outside::changes::store::{Wanted, after};
use sea_orm::ActiveValue::NotSet;
use sea_orm::DbBackend;

use super::*;

#[tokio::test]
async fn an_untouched_trail_has_no_fault_and_grows() {
    let world = chained().await;
    let before = report(&world).await;
    assert_eq!(before.sentences, Vec::<String>::new());
    let heads: Vec<_> = before
        .heads
        .iter()
        .map(|head| (head.chain, head.position))
        .collect();
    let rivage = Chain::of(Some(world.organization_id("rivage")));
    let mut expected = vec![(horizon(&world), 4), (rivage, 1)];
    expected.sort();
    assert_eq!(heads, expected);
    work(&world).await;
    assert_eq!(extend(&world).await, 1);
    assert_eq!(extend(&world).await, 0);
    let keys = ChainKeys::new(vec![key(&world)]);
    let after = verify(&world, keys, before.heads).await;
    assert_eq!(after.sentences, Vec::<String>::new());
    assert!(after.heads.iter().any(|head| head.position == 6));
}

#[tokio::test]
async fn a_round_costs_one_statement_and_few_more_for_each_organization() {
    let world = chained().await;
    let chainer = Chainer::of(&world.state);
    let db = &world.state.db;
    for (events, most) in [(0, 1), (3, 8)] {
        for _ in 0..events {
            work(&world).await;
        }
        let before = db.statements();
        assert_eq!(chainer.extend(db).await.unwrap(), events);
        let spent = db.statements() - before;
        assert!(spent <= most, "{spent} statements for {events} events");
    }
}

#[tokio::test]
async fn reads_that_are_written_together_are_one_link() {
    let world = chained().await;
    let before = links(&world).await.len();
    let tom = world.as_("tom");
    for _ in 0..20 {
        tom.get(&world.booklet("samira", "")).await.expect(200);
    }
    written(&world).await;
    assert_eq!(links(&world).await.len(), before + 1);
    assert_eq!(report(&world).await.sentences, Vec::<String>::new());
}

#[tokio::test]
async fn rows_that_nobody_chained_in_time_are_told() {
    let world = chained().await;
    work(&world).await;
    assert_eq!(report(&world).await.faults, 0);
    world.clock.advance(TimeDelta::minutes(2));
    let found = report(&world).await;
    assert_eq!(found.faults, 1);
    tells(&found, &["1 event rows", "in no chain"]);
    extend(&world).await;
    assert_eq!(report(&world).await.faults, 0);
}

#[tokio::test]
async fn another_key_verifies_nothing_and_a_former_one_what_it_made() {
    let world = chained().await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("mac.key");
    std::fs::write(&file, BASE64_STANDARD.encode([7; 32])).unwrap();
    let other = || ChainKey::of_file(&file).unwrap();
    let found = verify(&world, ChainKeys::new(vec![other()]), Vec::new()).await;
    assert_eq!(found.faults, 5);
    tells(&found, &[key(&world).id(), "which is not given"]);

    // The keys change, and the service goes on with the new one.
    work(&world).await;
    let chainer = Chainer::new(other());
    assert_eq!(chainer.extend(&world.state.db).await.unwrap(), 1);
    let both = ChainKeys::new(vec![other(), key(&world)]);
    let found = verify(&world, both, Vec::new()).await;
    assert_eq!(found.sentences, Vec::<String>::new());
    assert_eq!(report(&world).await.faults, 1);
}

#[tokio::test]
async fn instances_that_chain_at_once_make_one_chain() {
    let world = world().await;
    for _ in 0..10 {
        work(&world).await;
    }
    let at_once = (0..4).map(|_| async {
        let chainer = Chainer::new(key(&world));
        for _ in 0..3 {
            chainer.extend(&world.state.db).await.unwrap();
        }
    });
    futures_util::future::join_all(at_once).await;
    extend(&world).await;
    let mut positions = links(&world).await.into_iter().map(|link| link.position);
    assert!(
        (1..=11).eq(positions.by_ref().take(11)),
        "ten reads, and the events"
    );
    assert_eq!(positions.next(), None);
    assert_eq!(report(&world).await.sentences, Vec::<String>::new());
}

#[tokio::test]
async fn a_chain_that_is_cut_under_the_eyes_of_the_service_does_not_go_on() {
    let world = world().await;
    work(&world).await;
    work(&world).await;
    assert_eq!(extend(&world).await, 2);
    // Somebody changes a row and deletes the links from there on, to have it chained anew.
    let row = an_event(&world).await;
    set(&world, "events", "actor_id", Uuid::nil(), row.sequence).await;
    for link in links(&world).await.iter().skip(1) {
        cut(&world, link).await;
    }
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
    let rose = world.as_("rose");
    rose.post(&world.booklet("rita", "follow-ups"), body)
        .await
        .expect(201);
    work(&world).await;
    extend(&world).await;
    assert_eq!(links(&world).await.len(), 1);
    // The other organization's chain does, and so does the feed.
    let found = report(&world).await;
    assert_eq!(found.heads.len(), 2);
    tells(
        &found,
        &["event rows are in no chain", "access rows are in no chain"],
    );
    let wanted = Wanted {
        organization_id: world.organization_id("horizon"),
        ..Wanted::default()
    };
    let feed = after(&world.state, &wanted, 0, 100).await.unwrap();
    assert_eq!(feed.events.len(), 3);
}

#[tokio::test]
async fn what_was_there_before_the_chains_is_chained_in_many_rounds() {
    let world = world().await;
    let template = {
        work(&world).await;
        an_event_of(&world).await
    };
    let start = world.clock.now() - TimeDelta::days(100);
    let old = (0..1_200).map(|n| event::ActiveModel {
        sequence: Set(1_000 + n),
        at: Set(start + TimeDelta::hours(n)),
        ..template.clone().into_active_model().reset_all()
    });
    event::Entity::insert_many(old)
        .exec_without_returning(world.state.db.writer())
        .await
        .unwrap();
    let gone = event::Entity::delete_by_id(template.sequence);
    gone.exec(world.state.db.writer()).await.unwrap();
    assert_eq!(extend(&world).await, 1_200);
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(report(&world).await.sentences, Vec::<String>::new());
}

#[tokio::test]
async fn a_transaction_that_is_slower_than_very_many_others_is_chained_whole() {
    let world = chained().await;
    let db = &world.state.db;
    let mut row = an_event(&world).await.into_active_model();
    row.sequence = NotSet;
    row.position = NotSet;
    row.link = NotSet;
    row.at = Set(world.clock.now());
    // Who writes in a booklet waits for who writes there; of the organization many may write at once.
    row.booklet_id = Set(None);
    let insert = async |txn: &Transaction, times: usize| {
        for _ in 0..times {
            let rows = std::iter::repeat_n(row.clone(), 1000);
            let inserted = event::Entity::insert_many(rows);
            inserted.exec_without_returning(txn).await.unwrap();
        }
    };
    let slow = db.begin().await.unwrap();
    insert(&slow, 1).await;
    let mut slow = Some(slow);
    // On SQLite nobody else writes meanwhile.
    if db.reader().get_database_backend() == DbBackend::Sqlite {
        slow.take().unwrap().commit().await.unwrap();
    }
    let before = extend(&world).await;
    let fast = db.begin().await.unwrap();
    insert(&fast, 12).await;
    fast.commit().await.unwrap();
    assert_eq!(extend(&world).await, 12_000);
    if let Some(slow) = slow {
        slow.commit().await.unwrap();
    }
    assert_eq!(before + extend(&world).await, 1_000);
    world.clock.advance(TimeDelta::minutes(2));
    assert_eq!(report(&world).await.sentences, Vec::<String>::new());
}

#[tokio::test]
async fn rows_of_a_clock_that_was_wrong_are_no_fault_but_are_told() {
    let world = world().await;
    work(&world).await;
    extend(&world).await;
    for minutes in [-60, 120, -60] {
        world.clock.advance(TimeDelta::minutes(minutes));
        work(&world).await;
        extend(&world).await;
    }
    world.clock.advance(TimeDelta::hours(2));
    let found = report(&world).await;
    assert_eq!(found.sentences, Vec::<String>::new());
    assert_eq!(found.notes.len(), 1, "{:?}", found.notes);
    assert!(
        found.notes[0].contains("a clock was wrong"),
        "{:?}",
        found.notes
    );
}

#[tokio::test]
async fn whoever_reads_the_feed_binds_what_it_shows() {
    let world = chained().await;
    let before = links(&world).await.len();
    work(&world).await;
    let end = assign_numbers(&world.state, world.organization_id("horizon")).await;
    assert_eq!(end.unwrap().placed, 1);
    assert_eq!(extend(&world).await, 0);
    assert_eq!(links(&world).await.len(), before + 2);
    assert_eq!(report(&world).await.sentences, Vec::<String>::new());
}
