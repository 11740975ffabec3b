//! Keys for platforms that know no OAuth 2.0.

use chrono::TimeDelta;

use super::*;
use crate::it::security::access_log::lines;

fn keys_of(account: &Value) -> String {
    format!("{}/api-keys", path_of(account))
}

/// An account's new key, as it is shown once.
async fn key(client: &Client, account: &Value) -> Value {
    let body = json!({ "name": "Power Automate" });
    client.post(&keys_of(account), body).await.expect(201)
}

fn path_of_key(key: &Value) -> String {
    format!("/v1/api-keys/{}", key["id"].as_str().unwrap())
}

fn sending(world: &World, key: &Value) -> Client {
    world.anonymous().bearing(key["key"].as_str().unwrap())
}

#[tokio::test]
async fn a_key_does_what_its_account_may_and_nothing_else() {
    let world = world().await;
    let claire = world.as_("claire");
    let account = create(&claire, &["candidates:read"]).await;
    let made = claire
        .post(&keys_of(&account), json!({ "name": "Power Automate" }))
        .await;
    let path = made.header("location").unwrap().to_owned();
    let mut made = made.expect(201);
    assert_eq!(path, path_of_key(&made));
    let program = sending(&world, &made);
    let key = made.as_object_mut().unwrap().remove("key").unwrap();
    let key = key.as_str().unwrap();
    assert!(key.starts_with(made["beginning"].as_str().unwrap()));

    program.get("/v1/candidates").await.expect(200);
    let body = json!({ "given_name": "A", "family_name": "B" });
    let write = program.post("/v1/candidates", body).await;
    write.refused(403, "forbidden");
    program.get("/v1/users").await.refused(403, "forbidden");
    let other = format!("/v1/candidates/{}", world.candidate_id("rita"));
    program.get(&other).await.refused(404, "not_found");
    // No key gives itself another.
    let keys = keys_of(&account);
    let another = program.post(&keys, json!({ "name": "B" })).await;
    another.refused(403, "forbidden");

    // Nobody is shown it again, and it is stored nowhere.
    let list = claire.get(&keys).await.expect(200);
    assert_eq!(list["items"][0]["id"], made["id"]);
    assert_eq!(list["items"][0].get("key"), None);
    world.as_("rose").get(&path).await.refused(404, "not_found");
    let lines = lines(&world).await;
    let refusal = lines.iter().find(|line| line.operation == "list_users");
    let refusal = refusal.unwrap();
    let id = |value: &Value| Some(value["id"].as_str().unwrap().parse().unwrap());
    assert_eq!(refusal.actor_id, id(&account));
    assert_eq!(refusal.session_id, id(&made));
    assert!(!format!("{lines:?}").contains(key));

    let scopes = json!({ "scopes": ["users:read"] });
    claire.patch(&path_of(&account), scopes).await.expect(200);
    program.get("/v1/users").await.expect(200);
    let candidates = program.get("/v1/candidates").await;
    candidates.refused(403, "forbidden");
}

#[tokio::test]
async fn a_revoked_key_is_refused_at_the_next_request_and_the_others_go_on() {
    let world = world().await;
    let claire = world.as_("claire");
    let account = create(&claire, &["candidates:read"]).await;
    let (first, second) = (key(&claire, &account).await, key(&claire, &account).await);
    let (by_first, by_second) = (sending(&world, &first), sending(&world, &second));
    by_first.get("/v1/candidates").await.expect(200);
    let path = path_of_key(&first);
    let unconditional = claire.send(Method::DELETE, &path, None, &[]).await;
    unconditional.refused(428, "precondition_required");
    world
        .as_("rose")
        .delete(&path)
        .await
        .refused(404, "not_found");
    claire.delete(&path).await.expect(204);
    let refused = by_first.get("/v1/candidates").await;
    refused.refused(401, "unauthenticated");
    by_second.get("/v1/candidates").await.expect(200);
    claire.get(&path).await.refused(404, "not_found");
    let list = claire.get(&keys_of(&account)).await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);

    // With the account all its keys end.
    claire.delete(&path_of(&account)).await.expect(204);
    let refused = by_second.get("/v1/candidates").await;
    refused.refused(401, "unauthenticated");
    let third = claire
        .post(&keys_of(&account), json!({ "name": "B" }))
        .await;
    third.refused(409, "invalid_transition");
}

#[tokio::test]
async fn a_key_ends_when_it_expires_or_its_account_does() {
    let world = world().await;
    let claire = world.as_("claire");
    let account = create(&claire, &["candidates:read"]).await;
    let keys = keys_of(&account);
    let now = world.clock.now();
    let until = |end: DateTime<Utc>| json!({ "name": "A", "expires_at": end });
    let faults = claire.post(&keys, until(now)).await.faults();
    assert_eq!(faults, [("/expires_at".to_owned(), "minimum".to_owned())]);
    let faults = claire.post(&keys, until(now + Months::new(25))).await;
    let faults = faults.faults();
    assert_eq!(faults, [("/expires_at".to_owned(), "maximum".to_owned())]);

    let short = claire.post(&keys, until(now + TimeDelta::hours(1))).await;
    let short = sending(&world, &short.expect(201));
    let long = claire.post(&keys, until(now + Months::new(24))).await;
    let long = sending(&world, &long.expect(201));
    short.get("/v1/candidates").await.expect(200);
    world.clock.advance(TimeDelta::hours(2));
    let ended = short.get("/v1/candidates").await;
    ended.refused(401, "unauthenticated");
    long.get("/v1/candidates").await.expect(200);
    world.advance_days(366);
    let ended = long.get("/v1/candidates").await;
    ended.refused(401, "unauthenticated");
}

#[tokio::test]
async fn an_account_has_twenty_keys_and_a_revoked_one_makes_room() {
    let world = world().await;
    let claire = world.as_("claire");
    let account = create(&claire, &["candidates:read"]).await;
    let keys = keys_of(&account);
    let first = key(&claire, &account).await;
    for _ in 1..20 {
        key(&claire, &account).await;
    }
    let body = json!({ "name": "Une de trop" });
    let refused = claire.post(&keys, body.clone()).await;
    let refused = refused.refused(409, "quota_reached");
    assert_eq!(refused["errors"][0]["params"]["max"], 20);
    // Those of another account are counted apart.
    let other = create(&claire, &["candidates:read"]).await;
    key(&claire, &other).await;
    claire.delete(&path_of_key(&first)).await.expect(204);
    claire.post(&keys, body).await.expect(201);
}

#[tokio::test]
async fn it_is_known_when_a_key_was_last_used_to_the_hour() {
    let world = world().await;
    let claire = world.as_("claire");
    let account = create(&claire, &["candidates:read"]).await;
    let made = key(&claire, &account).await;
    assert_eq!(made["last_used_at"], Value::Null);
    let (program, path) = (sending(&world, &made), path_of_key(&made));
    let mut seen = Value::Null;
    for hours in [0, 2] {
        world.clock.advance(TimeDelta::hours(hours));
        let before = seen.clone();
        program.get("/v1/candidates").await.expect(200);
        for _ in 0..200 {
            seen = claire.get(&path).await.expect(200);
            if seen["last_used_at"] != before["last_used_at"] {
                break;
            }
        }
        assert_ne!(seen["last_used_at"], before["last_used_at"]);
        assert_eq!(seen["version"], 1);
    }
    let noted = seen["last_used_at"].clone();
    world.clock.advance(TimeDelta::minutes(30));
    program.get("/v1/candidates").await.expect(200);
    let seen = claire.get(&path).await.expect(200);
    assert_eq!(seen["last_used_at"], noted);
}
