//! One's sessions, seen and ended.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, PASSWORD, World};

use super::rows;
use crate::world;

const LIST: &str = "/v1/me/sessions";

/// Signs in with this program; the tokens.
async fn log_in(world: &World, name: &str, program: &str) -> Value {
    let body = json!({ "email": format!("{name}@livret.example"), "password": PASSWORD });
    let headers = [("user-agent", program)];
    let answer = world.anonymous();
    let answer = answer.send(Method::POST, "/v1/auth/login", Some(body), &headers);
    answer.await.expect(200)
}

fn client(world: &World, tokens: &Value) -> Client {
    let token = tokens["access_token"].as_str().unwrap();
    world.anonymous().bearing(token)
}

async fn refresh(world: &World, tokens: &Value) -> Answer {
    let body = json!({ "refresh_token": tokens["refresh_token"] });
    world.anonymous().post("/v1/auth/refresh", body).await
}

fn path(session: &Value) -> String {
    format!("{LIST}/{}", session["id"].as_str().unwrap())
}

/// Of this person's sessions, the one of this program.
async fn session_of(client: &Client, program: &str) -> Value {
    let list = client.get(LIST).await.expect(200);
    let items = list["items"].as_array().unwrap();
    let found = items.iter().find(|item| item["user_agent"] == program);
    found.unwrap_or_else(|| panic!("{list:#}")).clone()
}

#[tokio::test]
async fn a_person_sees_where_they_are_signed_in_and_nobody_else_does() {
    let world = world().await;
    let tokens = log_in(&world, "theo", "Firefox").await;
    world.clock.advance(TimeDelta::minutes(1));
    log_in(&world, "theo", "Telephone").await;
    let theo = client(&world, &tokens);
    let list = theo.get(LIST).await.expect(200);
    let items = list["items"].as_array().unwrap();
    // The third one is the test's own.
    let programs: Vec<&Value> = items.iter().map(|item| &item["user_agent"]).collect();
    assert_eq!(
        programs,
        [&json!("Telephone"), &json!("Firefox"), &Value::Null]
    );
    let current: Vec<&Value> = items.iter().map(|item| &item["current"]).collect();
    assert_eq!(current, [&json!(false), &json!(true), &json!(false)]);
    assert_eq!(items[0]["network"], "127.0.0.0/24");
    assert_eq!(items[0]["version"], 1);
    let one = theo.get(&path(&items[0])).await.expect(200);
    assert_eq!(one, items[0]);
    for other in ["tom", "claire", "rose", "ada"] {
        let other = world.as_(other);
        other.get(&path(&items[0])).await.refused(404, "not_found");
        other
            .delete(&path(&items[0]))
            .await
            .refused(404, "not_found");
    }
    theo.get(LIST).await.expect(200);
}

#[tokio::test]
async fn a_session_ended_from_another_is_refused_from_the_next_request_on() {
    let world = world().await;
    let here = client(&world, &log_in(&world, "tom", "Firefox").await);
    let there = log_in(&world, "tom", "Telephone").await;
    client(&world, &there).get("/v1/me").await.expect(200);
    let session = session_of(&here, "Telephone").await;
    here.delete(&path(&session)).await.expect(204);
    let lost = client(&world, &there).get("/v1/me").await;
    lost.refused(401, "unauthenticated");
    let lost = refresh(&world, &there).await;
    lost.refused(401, "invalid_refresh_token");
    here.get(&path(&session)).await.refused(404, "not_found");
    here.get("/v1/me").await.expect(200);
    let events = rows::events(&world, "user").await;
    assert_eq!(events.last().unwrap().kind, "user.session_ended");
}

#[tokio::test]
async fn a_session_renewed_since_it_was_seen_is_not_ended_unawares() {
    let world = world().await;
    let here = client(&world, &log_in(&world, "tom", "Firefox").await);
    let there = log_in(&world, "tom", "Telephone").await;
    let session = session_of(&here, "Telephone").await;
    let etag = session["etag"].as_str().unwrap();
    refresh(&world, &there).await.expect(200);
    let end = async |headers: &[(&str, &str)]| {
        here.send(Method::DELETE, &path(&session), None, headers)
            .await
    };
    end(&[]).await.refused(428, "precondition_required");
    end(&[("if-match", etag)]).await.refused(412, "stale");
    let renewed = session_of(&here, "Telephone").await;
    assert_eq!(renewed["version"], 2);
    let etag = renewed["etag"].as_str().unwrap();
    end(&[("if-match", etag)]).await.expect(204);
}

#[tokio::test]
async fn all_other_sessions_are_ended_at_once() {
    let world = world().await;
    let here = log_in(&world, "tom", "Firefox").await;
    let others = [
        log_in(&world, "tom", "Telephone").await,
        log_in(&world, "tom", "Library").await,
    ];
    let tina = log_in(&world, "tina", "Firefox").await;
    let end = "/v1/me/end-other-sessions";
    client(&world, &here).act(end).await.expect(204);
    for other in &others {
        let lost = client(&world, other).get("/v1/me").await;
        lost.refused(401, "unauthenticated");
    }
    for kept in [&here, &tina] {
        client(&world, kept).get("/v1/me").await.expect(200);
        refresh(&world, kept).await.expect(200);
    }
}

#[tokio::test]
async fn a_coordinator_signs_somebody_out_everywhere() {
    let world = world().await;
    let tokens = [
        log_in(&world, "tom", "Firefox").await,
        log_in(&world, "tom", "Telephone").await,
    ];
    let sign_out = format!("/v1/users/{}/sign-out", world.user_id("tom"));
    for other in ["rose", "ada"] {
        world
            .as_(other)
            .act(&sign_out)
            .await
            .refused(404, "not_found");
    }
    for other in ["tom", "crm", "samira"] {
        world
            .as_(other)
            .act(&sign_out)
            .await
            .refused(403, "forbidden");
    }
    for tokens in &tokens {
        client(&world, tokens).get("/v1/me").await.expect(200);
    }
    world.as_("claire").act(&sign_out).await.expect(204);
    for tokens in &tokens {
        let lost = client(&world, tokens).get("/v1/me").await;
        lost.refused(401, "unauthenticated");
        let lost = refresh(&world, tokens).await;
        lost.refused(401, "invalid_refresh_token");
    }
    // They are no less welcome.
    log_in(&world, "tom", "Firefox").await;
    let events = rows::events(&world, "user").await;
    assert_eq!(events.last().unwrap().kind, "user.signed_out");
}

#[tokio::test]
async fn ten_tabs_that_refresh_at_once_get_the_same_successor() {
    let world = world().await;
    let tokens = log_in(&world, "tom", "Firefox").await;
    let tabs = (0..10).map(|_| refresh(&world, &tokens));
    let mut successors = Vec::new();
    for answer in futures_util::future::join_all(tabs).await {
        let renewed = answer.expect(200);
        client(&world, &renewed).get("/v1/me").await.expect(200);
        successors.push(renewed["refresh_token"].clone());
    }
    successors.dedup();
    assert_eq!(successors.len(), 1);
    let session = session_of(&client(&world, &tokens), "Firefox").await;
    assert_eq!(session["version"], 2);
}

#[tokio::test]
async fn a_thief_and_their_victim_both_lose_the_session_and_the_trail_says_so() {
    let world = world().await;
    let stolen = log_in(&world, "tom", "Firefox").await;
    let elsewhere = log_in(&world, "tom", "Telephone").await;
    let thief = refresh(&world, &stolen).await.expect(200);
    let thief = refresh(&world, &thief).await.expect(200);
    client(&world, &thief).get("/v1/me").await.expect(200);
    // The victim's tab wakes up with the token of before.
    let victim = refresh(&world, &stolen).await;
    victim.refused(401, "invalid_refresh_token");
    for tokens in [&stolen, &thief] {
        let lost = client(&world, tokens).get("/v1/me").await;
        lost.refused(401, "unauthenticated");
    }
    let lost = refresh(&world, &thief).await;
    lost.refused(401, "invalid_refresh_token");
    client(&world, &elsewhere).get("/v1/me").await.expect(200);
    let events = rows::events(&world, "user").await;
    let told: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(told, ["user.refresh_token_reused"]);
    assert_eq!(events[0].resource_id, world.user_id("tom"));
}
