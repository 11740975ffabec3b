//! Pages of the feed: what they tell, to whom, and where they go on.

use entity::{event, feed};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{all_after, changes, follow_up, latest};
use crate::world;

#[tokio::test]
async fn a_change_tells_what_happened_to_what_and_nothing_of_people_or_contents() {
    let world = world().await;
    let claire = world.as_("claire");
    let made = follow_up(&world).await;
    let path = format!("/v1/follow-ups/{}", made["id"].as_str().unwrap());
    let tom = world.as_("tom");
    tom.patch(&path, json!({ "comment": "Non" }))
        .await
        .expect(200);
    tom.delete(&path).await.expect(204);
    let page = claire.get("/v1/changes").await.expect(200);
    let told = |kind: &str, version: i32, changed: Value, sequence: i32| {
        json!({
            "sequence": sequence, "at": page["items"][sequence as usize - 1]["at"],
            "type": format!("follow_up.{kind}"), "resource": "follow_up",
            "resource_id": made["id"], "booklet_id": world.booklet_id("samira"),
            "version": version, "state": null, "changed": changed,
        })
    };
    assert_eq!(
        page["items"],
        json!([
            told("created", 1, json!([]), 1),
            told("updated", 2, json!(["comment"]), 2),
            told("deleted", 2, json!([]), 3),
        ])
    );
    assert!(page["next"].is_string());
}

#[tokio::test]
async fn there_is_always_a_cursor_to_go_on_from() {
    let world = world().await;
    let claire = world.as_("claire");
    let empty = claire.get("/v1/changes?after=").await;
    let link = empty.header("link").unwrap().to_owned();
    let empty = empty.expect(200);
    assert_eq!(empty["items"], json!([]));
    let next = empty["next"].as_str().unwrap();
    assert!(
        link.contains(&format!("/v1/changes?after={next}>")),
        "{link}"
    );
    for n in 1..=3 {
        follow_up(&world).await;
        let before = all_after(&claire, next).await;
        assert_eq!(before.len(), n);
    }
    let end = latest(&claire).await;
    assert_eq!(all_after(&claire, &end).await, Vec::<Value>::new());
    let made = follow_up(&world).await;
    let told = all_after(&claire, &end).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["resource_id"], made["id"]);
}

#[tokio::test]
async fn limits_cut_the_feed_and_nothing_else() {
    let world = world().await;
    let claire = world.as_("claire");
    for _ in 0..5 {
        follow_up(&world).await;
    }
    let whole = all_after(&claire, "").await;
    for limit in ["1", "2", "5"] {
        let (mut cursor, mut seen) = (String::new(), Vec::new());
        while seen.len() < 5 {
            let page = changes(&[("limit", limit), ("after", &cursor)]);
            let page = claire.get(&page).await.expect(200);
            seen.extend(page["items"].as_array().unwrap().clone());
            page["next"].as_str().unwrap().clone_into(&mut cursor);
        }
        assert_eq!(seen, whole, "{limit}");
    }
    for limit in ["0", "101", "-1", "x"] {
        let refused = claire.get(&changes(&[("limit", limit)])).await;
        refused.refused(400, "malformed_query");
    }
}

#[tokio::test]
async fn private_notes_are_told_to_nobody() {
    let world = world().await;
    let (claire, tom) = (world.as_("claire"), world.as_("tom"));
    let notes = world.booklet("samira", "notes");
    let private = json!({ "body": "Pour moi", "visibility": "private" });
    tom.post(&notes, private).await.expect(201);
    let shared = json!({ "body": "Pour tous", "visibility": "shared" });
    let shared = tom.post(&notes, shared).await.expect(201);
    let told = all_after(&claire, "").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["resource_id"], shared["id"]);
}

#[tokio::test]
async fn types_and_resources_are_chosen_and_the_cursor_holds_to_the_choice() {
    let world = world().await;
    let claire = world.as_("claire");
    let made = follow_up(&world).await;
    claire
        .post(
            "/v1/candidates",
            json!({ "given_name": "Ali", "family_name": "Ba" }),
        )
        .await
        .expect(201);
    let path = format!("/v1/follow-ups/{}", made["id"].as_str().unwrap());
    world.as_("tom").delete(&path).await.expect(204);
    for (name, value, types) in [
        ("type", "follow_up.deleted", vec!["follow_up.deleted"]),
        (
            "type",
            "candidate.created,follow_up.created",
            vec!["follow_up.created", "candidate.created"],
        ),
        ("resource", "candidate", vec!["candidate.created"]),
        (
            "resource",
            "follow_up",
            vec!["follow_up.created", "follow_up.deleted"],
        ),
        ("type", "booklet.closed", vec![]),
    ] {
        let page = claire.get(&changes(&[(name, value)])).await.expect(200);
        let items = page["items"].as_array().unwrap();
        let told: Vec<&str> = items.iter().map(|i| i["type"].as_str().unwrap()).collect();
        assert_eq!(told, types, "{value}");
        let next = page["next"].as_str().unwrap();
        let again = changes(&[(name, value), ("after", next)]);
        assert_eq!(claire.get(&again).await.expect(200)["items"], json!([]));
        let other = changes(&[("after", next)]);
        claire.get(&other).await.refused(400, "invalid_cursor");
    }
    for (name, value) in [
        ("type", "booklet.burnt"),
        ("resource", "session"),
        ("type", ""),
    ] {
        let refused = claire.get(&changes(&[(name, value)])).await;
        refused.refused(400, "malformed_query");
    }
}

#[tokio::test]
async fn a_cursor_is_of_one_organization_and_cannot_be_made_up() {
    let world = world().await;
    follow_up(&world).await;
    let (claire, rose) = (world.as_("claire"), world.as_("rose"));
    assert_eq!(all_after(&rose, "").await, Vec::<Value>::new());
    assert_eq!(all_after(&claire, "").await.len(), 1);
    let next = latest(&claire).await;
    let turned: String = next.chars().rev().collect();
    for (client, cursor) in [(&rose, next.as_str()), (&claire, &turned), (&claire, "0")] {
        for path in ["/v1/changes", "/v1/changes/stream"] {
            let path = format!("{path}?after={cursor}");
            client.get(&path).await.refused(400, "invalid_cursor");
        }
    }
    // Of one thing they are the same feed.
    claire
        .get(&format!("/v1/changes/stream?after={next}"))
        .await
        .expect(200);
}

#[tokio::test]
async fn the_feed_of_one_organization_never_tells_of_another() {
    let world = world().await;
    follow_up(&world).await;
    let rose = world.as_("rose");
    let candidate = json!({ "given_name": "Ana", "family_name": "Roy" });
    let made = rose.post("/v1/candidates", candidate).await.expect(201);
    let told = all_after(&rose, "").await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["resource_id"], made["id"]);
    assert_eq!(told[0]["sequence"], 1);
}

#[tokio::test]
async fn a_page_costs_the_same_however_long_the_feed_is() {
    let world = world().await;
    let claire = world.as_("claire");
    let mut costs = Vec::new();
    for _ in 0..3 {
        for _ in 0..10 {
            follow_up(&world).await;
        }
        // The first to come gives places; the second only reads.
        for most in [9, 3] {
            let before = world.state.db.statements();
            claire.get("/v1/changes?limit=100").await.expect(200);
            let cost = world.state.db.statements() - before;
            assert!(cost <= most, "{cost} statements");
            costs.push(cost);
        }
    }
    assert_eq!(costs[2..4], costs[4..]);
}

#[tokio::test]
async fn a_cursor_from_beyond_the_end_is_refused_for_the_feed_has_been_restored() {
    let world = world().await;
    let claire = world.as_("claire");
    follow_up(&world).await;
    let cursor = latest(&claire).await;
    claire
        .get(&changes(&[("after", &cursor)]))
        .await
        .expect(200);
    // As a backup of before has it.
    let db = world.state.db.writer();
    event::Entity::delete_many().exec(db).await.unwrap();
    feed::Entity::delete_many().exec(db).await.unwrap();
    for path in ["/v1/changes", "/v1/changes/stream"] {
        let path = format!("{path}?after={cursor}");
        claire.get(&path).await.refused(400, "invalid_cursor");
    }
}
