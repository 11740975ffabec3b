//! How chains grow: at once, in rounds, under other keys, and not after a cut.

use api::kit::write::event::many;
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
    let mut expected = vec![(horizon(&world), 6), (rivage, 1)];
    expected.sort();
    assert_eq!(heads, expected);
    work(&world).await;
    assert_eq!(extend(&world).await, 2);
    assert_eq!(extend(&world).await, 0);
    let keys = ChainKeys::new(vec![key(&world)]);
    let after = verify(&world, keys, before.heads).await;
    assert_eq!(after.sentences, Vec::<String>::new());
    assert!(after.heads.iter().any(|head| head.position == 8));
}

#[tokio::test]
async fn a_round_looks_once_for_what_waits() {
    let world = chained().await;
    let mut chainer = Chainer::new(key(&world));
    let db = &world.state.db;
    for (rows, most) in [(0, 6), (2, 8)] {
        if rows > 0 {
            work(&world).await;
        }
        let before = db.statements();
        assert_eq!(chainer.extend(db).await.unwrap(), rows);
        let spent = db.statements() - before;
        assert!(spent <= most, "{spent} statements for {rows} rows");
    }
}

#[tokio::test]
async fn rows_that_nobody_chained_in_time_are_told() {
    let world = chained().await;
    work(&world).await;
    assert_eq!(report(&world).await.faults, 0);
    world.clock.advance(TimeDelta::minutes(2));
    let found = report(&world).await;
    assert_eq!(found.faults, 2);
    tells(&found, &["1 event rows", "1 access rows", "in no chain"]);
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
    assert_eq!(found.faults, 7);
    tells(&found, &[key(&world).id(), "which is not given"]);

    // The keys change, and the service goes on with the new one.
    work(&world).await;
    let mut chainer = Chainer::new(other());
    assert_eq!(chainer.extend(&world.state.db).await.unwrap(), 2);
    let both = ChainKeys::new(vec![other(), key(&world)]);
    let found = verify(&world, both, Vec::new()).await;
    assert_eq!(found.sentences, Vec::<String>::new());
    assert_eq!(report(&world).await.faults, 2);
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test counts all links")]
async fn instances_that_chain_at_once_make_one_chain() {
    let world = world().await;
    for _ in 0..10 {
        work(&world).await;
    }
    let at_once = (0..4).map(|_| async {
        let mut chainer = Chainer::new(key(&world));
        for _ in 0..3 {
            chainer.extend(&world.state.db).await.unwrap();
        }
    });
    futures_util::future::join_all(at_once).await;
    extend(&world).await;
    let count = audit_link::Entity::find().count(world.state.db.reader());
    assert_eq!(count.await.unwrap(), 20);
    assert_eq!(report(&world).await.sentences, Vec::<String>::new());
}

#[tokio::test]
async fn a_chain_that_is_cut_under_the_eyes_of_the_service_does_not_go_on() {
    let world = world().await;
    work(&world).await;
    work(&world).await;
    let mut chainer = Chainer::new(key(&world));
    assert_eq!(chainer.extend(&world.state.db).await.unwrap(), 4);
    // Somebody changes a row and deletes the links from there on, to have it chained anew.
    let row = an_event(&world).await;
    set(&world, "events", "actor_id", Uuid::nil(), row.sequence).await;
    for link in links(&world).await.iter().skip(1) {
        cut(&world, link).await;
    }
    world
        .as_("rose")
        .get(&world.booklet("rita", ""))
        .await
        .expect(200);
    written(&world).await;
    // The other organization's chain does.
    assert_eq!(chainer.extend(&world.state.db).await.unwrap(), 1);
    world.clock.advance(TimeDelta::minutes(2));
    tells(&report(&world).await, &["in no chain"]);
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
    assert_eq!(extend(&world).await, 1_201);
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(report(&world).await.sentences, Vec::<String>::new());
}

#[tokio::test]
async fn a_transaction_with_very_many_events_is_chained_whole() {
    let world = chained().await;
    let db = &world.state.db;
    let mut row = an_event(&world).await.into_active_model();
    row.sequence = NotSet;
    row.position = NotSet;
    row.at = Set(world.clock.now());
    let file = db.begin().await.unwrap();
    many::tell(&file, 12_000).await.unwrap();
    for _ in 0..12 {
        let rows = std::iter::repeat_n(row.clone(), 1000);
        let inserted = event::Entity::insert_many(rows);
        inserted.exec_without_returning(&file).await.unwrap();
    }
    // On SQLite nobody else writes meanwhile.
    let mut others = 0;
    if file.get_database_backend() == DbBackend::Postgres {
        work(&world).await;
        assert_eq!(extend(&world).await, 0);
        others = 2;
    }
    file.commit().await.unwrap();
    assert_eq!(extend(&world).await, 12_000 + others);
    world.clock.advance(TimeDelta::minutes(2));
    assert_eq!(report(&world).await.sentences, Vec::<String>::new());
}
