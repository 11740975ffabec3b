//! What somebody with the database alone may try, and how it is found.

use super::*;

#[tokio::test]
async fn an_edit_of_any_column_of_an_event_is_found() {
    let world = chained().await;
    let row = an_event(&world).await;
    let before = links(&world).await.len();
    let edits: [(&str, SimpleExpr); 17] = [
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
        ("content_sha256", "0a".repeat(32).into()),
        ("position", 900_000_i64.into()),
        ("link", 900_000_i64.into()),
    ];
    let names: Vec<&str> = event::Column::iter()
        .map(|column| column.as_str())
        // The one that no link binds: it proves nothing (ADR 36).
        .filter(|name| *name != "traceparent")
        .collect();
    assert_eq!(names, edits.each_ref().map(|(name, _)| *name));
    for (column, value) in edits {
        set(&world, "events", column, value, row.sequence).await;
        let found = report(&world).await;
        tells(&found, &["position 4 (event ", "the hash differs"]);
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
    let edits: [(&str, SimpleExpr); 19] = [
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
        ("link", 1.into()),
    ];
    let columns = access_entry::Column::iter();
    let names: Vec<&str> = columns.map(|column| column.as_str()).collect();
    assert_eq!(names, edits.each_ref().map(|(name, _)| *name));
    for (column, value) in edits {
        set(&world, "access_entries", column, value, row.sequence).await;
        let found = report(&world).await;
        tells(
            &found,
            &["position 2 ", &format!("(access {})", row.sequence)],
        );
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
    for (position, words) in [
        (0, "the rows are gone"),
        (2, "the rows are gone"),
        (3, "the hash differs"),
    ] {
        let world = chained().await;
        let link = links(&world).await.remove(position);
        delete(&world, &link).await;
        let place = format!("position {}", position + 1);
        tells(&report(&world).await, &[&place, words]);
    }
}

#[tokio::test]
async fn rows_deleted_with_their_link_are_found_too() {
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
    tom_reads(&world).await;
    let heads = report(&world).await.heads;
    let link = links(&world).await.remove(4);
    delete(&world, &link).await;
    cut(&world, &link).await;
    assert_eq!(report(&world).await.faults, 0);
    let keys = || ChainKeys::new(vec![key(&world)]);
    let found = verify(&world, keys(), heads.clone()).await;
    tells(&found, &["ends at position 4 and had reached 5"]);
    // Another service goes on: the place is taken by other rows.
    work(&world).await;
    let another = Chainer::new(key(&world));
    another.extend(&world.state.db).await.unwrap();
    let found = verify(&world, keys(), heads).await;
    tells(&found, &["position 5: not the hash that was noted"]);
}

/// A batch of one read.
async fn tom_reads(world: &World) {
    let tom = world.as_("tom");
    tom.get(&world.booklet("samira", "")).await.expect(200);
    written(world).await;
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
    tells(&found, &["position 2 ", "position 3 "]);
}

#[tokio::test]
async fn a_batch_whose_bounds_were_changed_is_found() {
    let world = chained().await;
    let batch = links(&world).await.remove(3);
    for (first, last) in [(1, 0), (0, -1), (0, 1_000), (-1_000, 0)] {
        let change = audit_link::Model {
            row_sequence: batch.row_sequence + first,
            last_sequence: batch.last_sequence.map(|number| number + last),
            ..batch.clone()
        };
        let change = change.into_active_model().reset_all();
        change.update(world.state.db.writer()).await.unwrap();
        let found = report(&world).await;
        // Wider bounds name no other rows, so they change nothing that is told.
        let is_narrower = first > 0 || last < 0;
        assert_eq!(found.faults > 0, is_narrower, "{:?}", found.sentences);
    }
    let change = audit_link::Model {
        last_sequence: None,
        ..batch
    };
    let change = change.into_active_model().reset_all();
    change.update(world.state.db.writer()).await.unwrap();
    tells(&report(&world).await, &["position 4 ", "in no chain"]);
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
    assert_eq!(found.faults, 1, "{:?}", found.sentences);
    tells(&found, &["the hash differs"]);
}

#[tokio::test]
async fn a_row_added_to_a_batch_is_found() {
    let world = chained().await;
    let row = an_access(&world).await;
    let added = access_entry::ActiveModel {
        sequence: Set(row.sequence + 1),
        ..row.clone().into_active_model().reset_all()
    };
    // The number may be taken: by a row of another batch.
    let _ = access_entry::Entity::delete_by_id(row.sequence + 1)
        .exec(world.state.db.writer())
        .await;
    added.insert(world.state.db.writer()).await.unwrap();
    tells(&report(&world).await, &["1 access rows are in no chain"]);
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
            last_sequence: Set(None),
            key_id: Set(key(&world).id().to_owned()),
            hash: Set(hash),
        };
        link.insert(world.state.db.writer()).await.unwrap();
        tells(&report(&world).await, &[&format!("position {position}")]);
    }
}

#[tokio::test]
async fn a_row_that_moved_to_another_organization_is_told_by_one_chain_alone() {
    let world = chained().await;
    let row = an_event(&world).await;
    let rivage = world.organization_id("rivage");
    set(&world, "events", "organization_id", rivage, row.sequence).await;
    let keys = ChainKeys::new(vec![key(&world)]);
    for (name, words) in [("horizon", "the hash differs"), ("rivage", "in no chain")] {
        let verification = Verification {
            db: world.state.db.reader(),
            keys: &keys,
            now: world.clock.now(),
            patience: Duration::ZERO,
            only: Some(Chain::of(Some(world.organization_id(name)))),
            expected: Vec::new(),
        };
        tells(&verification.run().await.unwrap(), &[words]);
    }
}
