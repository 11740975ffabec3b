//! Attacks on the audit trail by somebody who has the database but not the keys: each is found.

use api::chain::{Chain, ChainKey, ChainKeys, Chainer, Head, Report, Verification};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use entity::values::Texts;
use entity::{access_entry, audit_link, event};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IdenStatic, IntoActiveModel,
    Iterable, PaginatorTrait, QueryFilter, QueryOrder, Set,
};
use serde_json::json;
use tempfile::TempDir;
use tests::World;
use uuid::Uuid;

use crate::it::accesses::written;
use crate::world;

fn key(world: &World) -> ChainKey {
    ChainKey::of(&world.state.keys)
}

async fn extend(world: &World) -> usize {
    written(world).await;
    let mut chainer = Chainer::new(key(world));
    chainer.extend(&world.state.db).await.unwrap()
}

/// A day of work in both organizations, chained: three events and three reads of Horizon's.
async fn chained() -> World {
    let world = world().await;
    for _ in 0..3 {
        work(&world).await;
        world.clock.advance(TimeDelta::minutes(2));
    }
    world
        .as_("rose")
        .get(&world.booklet("rita", ""))
        .await
        .expect(200);
    assert_eq!(extend(&world).await, 7);
    world.clock.advance(TimeDelta::hours(1));
    world
}

/// An event and a read.
async fn work(world: &World) {
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "phone", "comment": "Oui" });
    let tom = world.as_("tom");
    tom.post(&world.booklet("samira", "follow-ups"), body)
        .await
        .expect(201);
    tom.get(&world.booklet("samira", "")).await.expect(200);
    written(world).await;
}

async fn verify(world: &World, keys: ChainKeys, expected: Vec<Head>) -> Report {
    let verification = Verification {
        db: world.state.db.reader(),
        keys: &keys,
        now: world.clock.now(),
        only: None,
        expected,
    };
    verification.run().await.unwrap()
}

async fn report(world: &World) -> Report {
    verify(world, ChainKeys::new(vec![key(world)]), Vec::new()).await
}

/// The only fault, which speaks of all this.
#[track_caller]
fn tells(report: &Report, words: &[&str]) {
    assert!(report.faults > 0, "nothing was found");
    let all = report.sentences.join("\n");
    for word in words {
        assert!(all.contains(word), "{word} is not in: {all}");
    }
}

fn horizon(world: &World) -> Chain {
    Chain::of(Some(world.organization_id("horizon")))
}

/// Horizon's links, in order.
#[expect(clippy::disallowed_methods, reason = "an attacker reads it all")]
async fn links(world: &World) -> Vec<audit_link::Model> {
    audit_link::Entity::find()
        .filter(audit_link::Column::ChainId.eq(world.organization_id("horizon")))
        .order_by_asc(audit_link::Column::Position)
        .all(world.state.db.reader())
        .await
        .unwrap()
}

async fn set(
    world: &World,
    table: &'static str,
    column: &'static str,
    value: impl Into<SimpleExpr>,
    sequence: i64,
) {
    let change = Query::update()
        .table(table)
        .value(column, value)
        .and_where(Expr::col("sequence").eq(sequence))
        .to_owned();
    let changed = world.state.db.writer().execute(&change).await.unwrap();
    assert_eq!(changed.rows_affected(), 1, "{table}.{column}");
}

#[expect(clippy::disallowed_methods, reason = "an attacker reads it all")]
async fn an_event(world: &World) -> event::Model {
    let of_horizon = event::Column::OrganizationId.eq(world.organization_id("horizon"));
    let second = event::Entity::find()
        .filter(of_horizon)
        .order_by_asc(event::Column::Sequence)
        .all(world.state.db.reader());
    second.await.unwrap().remove(1)
}

#[expect(clippy::disallowed_methods, reason = "an attacker reads it all")]
async fn an_access(world: &World) -> access_entry::Model {
    let of_horizon = access_entry::Column::OrganizationId.eq(world.organization_id("horizon"));
    let second = access_entry::Entity::find()
        .filter(of_horizon)
        .order_by_asc(access_entry::Column::Sequence)
        .all(world.state.db.reader());
    second.await.unwrap().remove(1)
}

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
async fn an_edit_of_any_column_of_an_event_is_found() {
    let world = chained().await;
    let row = an_event(&world).await;
    let before = links(&world).await.len();
    let edits: [(&str, SimpleExpr); 14] = [
        ("sequence", 900_000_i64.into()),
        ("organization_id", world.organization_id("rivage").into()),
        ("at", (row.at + TimeDelta::microseconds(1)).into()),
        ("actor_id", world.user_id("tina").into()),
        ("actor_role", "coordinator".into()),
        ("kind", "follow_up.deleted".into()),
        ("resource", "note".into()),
        ("resource_id", Uuid::nil().into()),
        ("booklet_id", Option::<Uuid>::None.into()),
        ("version", 2.into()),
        ("state", "done".into()),
        ("changed", json!(["comment"]).into()),
        ("request_id", "another".into()),
        ("private_to", world.user_id("tom").into()),
    ];
    // Readers give positions, when they like: no chain can bind them.
    let names: Vec<&str> = event::Column::iter()
        .map(|column| column.as_str())
        .filter(|name| *name != "position")
        .collect();
    assert_eq!(names, edits.each_ref().map(|(name, _)| *name));
    for (column, value) in edits {
        set(&world, "events", column, value, row.sequence).await;
        let found = report(&world).await;
        tells(&found, &["position", &format!("(event {})", row.sequence)]);
        if column == "sequence" {
            set(&world, "events", column, row.sequence, 900_000).await;
        }
        let restored = row.clone().into_active_model().reset_all();
        restored.update(world.state.db.writer()).await.unwrap();
        assert_eq!(report(&world).await.faults, 0, "{column}");
    }
    assert_eq!(links(&world).await.len(), before);
}

#[tokio::test]
async fn an_edit_of_any_column_of_an_access_is_found() {
    let world = chained().await;
    let row = an_access(&world).await;
    let edits: [(&str, SimpleExpr); 18] = [
        ("sequence", 900_000_i64.into()),
        ("organization_id", Option::<Uuid>::None.into()),
        ("at", (row.at - TimeDelta::microseconds(1)).into()),
        ("actor_id", world.user_id("tina").into()),
        ("actor_role", "coordinator".into()),
        ("session_id", Uuid::nil().into()),
        ("kind", "write".into()),
        ("operation", "get_me".into()),
        ("outcome", "refused".into()),
        ("status", 404.into()),
        ("code", "not_found".into()),
        ("resource", "notes".into()),
        ("resource_id", Uuid::nil().into()),
        ("booklet_id", world.booklet_id("nadia").into()),
        ("address", "192.0.2.7".into()),
        ("request_id", Option::<String>::None.into()),
        ("times", 2.into()),
        ("private_to", world.user_id("tom").into()),
    ];
    let columns = access_entry::Column::iter();
    let names: Vec<&str> = columns.map(|column| column.as_str()).collect();
    assert_eq!(names, edits.each_ref().map(|(name, _)| *name));
    for (column, value) in edits {
        set(&world, "access_entries", column, value, row.sequence).await;
        let found = report(&world).await;
        tells(&found, &["position", &format!("(access {})", row.sequence)]);
        if column == "sequence" {
            set(&world, "access_entries", column, row.sequence, 900_000).await;
        }
        let restored = row.clone().into_active_model().reset_all();
        restored.update(world.state.db.writer()).await.unwrap();
        assert_eq!(report(&world).await.faults, 0, "{column}");
    }
}

#[tokio::test]
async fn a_deleted_row_is_found_wherever_it_was() {
    for position in [0, 2, 5] {
        let world = chained().await;
        let link = links(&world).await.remove(position);
        delete(&world, &link).await;
        let place = format!("position {}", position + 1);
        tells(&report(&world).await, &[&place, "the row is gone"]);
    }
}

/// Deletes the row that a link binds.
async fn delete(world: &World, link: &audit_link::Model) {
    let table = match link.source.as_str() {
        "event" => "events",
        _ => "access_entries",
    };
    let gone = Query::delete()
        .from_table(table)
        .and_where(Expr::col("sequence").eq(link.row_sequence))
        .to_owned();
    world.state.db.writer().execute(&gone).await.unwrap();
}

async fn cut(world: &World, link: &audit_link::Model) {
    let gone = audit_link::Entity::delete_by_id((link.chain_id, link.position));
    gone.exec(world.state.db.writer()).await.unwrap();
}

#[tokio::test]
async fn a_row_deleted_with_its_link_is_found_too() {
    for (position, words) in [
        (0, "position 2 follows position 0"),
        (2, "position 4 follows position 2"),
    ] {
        let world = chained().await;
        let link = links(&world).await.remove(position);
        delete(&world, &link).await;
        cut(&world, &link).await;
        tells(&report(&world).await, &[words]);
    }
}

#[tokio::test]
async fn an_end_that_was_cut_off_is_found_by_whoever_noted_the_head() {
    let world = chained().await;
    let heads = report(&world).await.heads;
    let link = links(&world).await.remove(5);
    delete(&world, &link).await;
    cut(&world, &link).await;
    assert_eq!(report(&world).await.faults, 0);
    let keys = || ChainKeys::new(vec![key(&world)]);
    let found = verify(&world, keys(), heads.clone()).await;
    tells(&found, &["ends at position 5 and had reached 6"]);
    // The service goes on: the place is taken by another row.
    work(&world).await;
    extend(&world).await;
    assert_eq!(report(&world).await.faults, 0);
    let found = verify(&world, keys(), heads).await;
    tells(&found, &["position 6: not the hash that was noted"]);
}

#[tokio::test]
async fn links_whose_places_were_changed_are_found() {
    let world = chained().await;
    let all = links(&world).await;
    let (second, third) = (all[1].clone(), all[2].clone());
    cut(&world, &second).await;
    cut(&world, &third).await;
    for (link, position) in [(second, 3), (third, 2)] {
        let moved = audit_link::Model { position, ..link };
        let moved = moved.into_active_model().reset_all();
        moved.insert(world.state.db.writer()).await.unwrap();
    }
    let found = report(&world).await;
    tells(&found, &["position 2 ", "position 3 ", "the hash differs"]);
}

#[tokio::test]
async fn rows_that_changed_their_contents_are_found() {
    let world = chained().await;
    let row = an_event(&world).await;
    let later = row.sequence + 1;
    set(&world, "events", "sequence", 900_000_i64, row.sequence).await;
    set(&world, "events", "sequence", row.sequence, later).await;
    set(&world, "events", "sequence", later, 900_000).await;
    let found = report(&world).await;
    assert_eq!(found.faults, 2, "{:?}", found.sentences);
    tells(&found, &["the hash differs"]);
}

#[tokio::test]
async fn a_forged_link_is_found() {
    for (position, hash) in [
        (7, "ab".repeat(32)),
        (0, "cd".repeat(32)),
        (-3, "x".to_owned()),
    ] {
        let world = chained().await;
        let forged = insert(&world, world.clock.now()).await;
        let link = audit_link::ActiveModel {
            chain_id: Set(world.organization_id("horizon")),
            position: Set(position),
            source: Set("event".to_owned()),
            row_sequence: Set(forged),
            key_id: Set(key(&world).id().to_owned()),
            hash: Set(hash),
        };
        link.insert(world.state.db.writer()).await.unwrap();
        tells(&report(&world).await, &[&format!("position {position}")]);
    }
}

/// A row that the service never wrote; its number.
async fn insert(world: &World, at: DateTime<Utc>) -> i64 {
    let forged = event::ActiveModel {
        sequence: Set(700_000),
        at: Set(at),
        changed: Set(Texts::default()),
        ..an_event(world).await.into_active_model().reset_all()
    };
    let forged = forged.insert(world.state.db.writer()).await.unwrap();
    forged.sequence
}

#[tokio::test]
async fn a_row_inserted_into_the_past_is_found_though_the_service_chains_it() {
    let world = chained().await;
    work(&world).await;
    let yesterday = world.clock.now() - TimeDelta::days(1);
    insert(&world, yesterday).await;
    tells(&report(&world).await, &["in no chain", "700000"]);
    // First it is told from the rows before it, then nothing more can hide it.
    extend(&world).await;
    work(&world).await;
    extend(&world).await;
    tells(
        &report(&world).await,
        &["(event 700000)", "inserted into the past"],
    );
}

#[tokio::test]
async fn a_row_with_a_number_of_long_ago_is_never_chained_and_is_found() {
    let world = chained().await;
    let row = an_event(&world).await;
    let forged = event::ActiveModel {
        sequence: Set(-20_000),
        ..row.into_active_model().reset_all()
    };
    forged.insert(world.state.db.writer()).await.unwrap();
    assert_eq!(extend(&world).await, 0);
    tells(
        &report(&world).await,
        &["1 event rows are in no chain", "-20000"],
    );
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
async fn a_row_that_moved_to_another_organization_is_told_by_one_chain_alone() {
    let world = chained().await;
    let row = an_event(&world).await;
    let rivage = world.organization_id("rivage");
    set(&world, "events", "organization_id", rivage, row.sequence).await;
    let keys = ChainKeys::new(vec![key(&world)]);
    for (name, words) in [
        ("horizon", "names the organization"),
        ("rivage", "in no chain"),
    ] {
        let verification = Verification {
            db: world.state.db.reader(),
            keys: &keys,
            now: world.clock.now(),
            only: Some(Chain::of(Some(world.organization_id(name)))),
            expected: Vec::new(),
        };
        tells(&verification.run().await.unwrap(), &[words]);
    }
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

#[expect(clippy::disallowed_methods, reason = "an attacker reads it all")]
async fn an_event_of(world: &World) -> event::Model {
    let first = event::Entity::find().one(world.state.db.reader()).await;
    first.unwrap().unwrap()
}
