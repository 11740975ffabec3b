//! Waiting for changes: answered when one comes, at the end of the time, or when it makes no sense.

use std::time::{Duration, Instant};

use api::foundation::config::RateLimit;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Client, World};
use tokio::task::JoinHandle;

use super::{all_after, changes, follow_up, latest, program};
use crate::{world, world_with};

/// Longer than any test may take.
const LONG: &str = "30";
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who waits for what comes after the present end, once they do.
async fn waiting(client: Client) -> JoinHandle<tests::Answer> {
    let cursor = latest(&client).await;
    let path = changes(&[("after", &cursor), ("wait", LONG)]);
    let waiting = tokio::spawn(async move { client.get(&path).await });
    tokio::time::sleep(Duration::from_millis(200)).await;
    waiting
}

async fn answered(waiting: JoinHandle<tests::Answer>) -> tests::Answer {
    let answer = tokio::time::timeout(PATIENCE, waiting).await;
    answer.unwrap().unwrap()
}

#[tokio::test]
async fn who_waits_is_answered_when_something_happens_in_this_process_or_in_another() {
    let world = world().await;
    let twin = world.twin().await;
    for writer in [&world, &twin] {
        let waiting = waiting(world.as_("claire")).await;
        let made = follow_up(writer).await;
        let page = answered(waiting).await.expect(200);
        assert_eq!(page["items"][0]["resource_id"], made["id"]);
    }
}

#[tokio::test]
async fn who_waits_is_not_woken_for_others() {
    let world = world().await;
    let rose = waiting(world.as_("rose")).await;
    follow_up(&world).await;
    let candidate = json!({ "given_name": "Ana", "family_name": "Roy" });
    let made = world
        .as_("rose")
        .post("/v1/candidates", candidate)
        .await
        .expect(201);
    let page = answered(rose).await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    assert_eq!(page["items"][0]["resource_id"], made["id"]);
}

#[tokio::test]
async fn after_the_time_the_page_is_empty_and_goes_on_from_the_end() {
    let world = world().await;
    let claire = world.as_("claire");
    let cursor = latest(&claire).await;
    let begun = Instant::now();
    let path = changes(&[("after", &cursor), ("wait", "1")]);
    let page = claire.get(&path).await.expect(200);
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(page["items"], json!([]));
    follow_up(&world).await;
    let next = page["next"].as_str().unwrap();
    assert_eq!(all_after(&claire, next).await.len(), 1);
    let too_long = changes(&[("wait", "31")]);
    claire.get(&too_long).await.refused(400, "malformed_query");
}

#[tokio::test]
async fn who_waits_for_one_type_is_not_answered_with_another() {
    let world = world().await;
    let claire = world.as_("claire");
    let end = changes(&[("type", "follow_up.deleted"), ("after", "latest")]);
    let end = claire.get(&end).await.expect(200);
    let cursor = end["next"].as_str().unwrap();
    let path = changes(&[
        ("type", "follow_up.deleted"),
        ("after", cursor),
        ("wait", LONG),
    ]);
    let waiting = tokio::spawn(async move { claire.get(&path).await });
    let made = follow_up(&world).await;
    let path = format!("/v1/follow-ups/{}", made["id"].as_str().unwrap());
    world.as_("tom").delete(&path).await.expect(204);
    let page = answered(waiting).await.expect(200);
    assert_eq!(page["items"][0]["type"], "follow_up.deleted");
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_waits_when_the_service_stops() {
    let world = world().await;
    let waiting = waiting(world.as_("claire")).await;
    world.state.bell.stop();
    let page = answered(waiting).await.expect(200);
    assert_eq!(page["items"], json!([]));
    assert!(page["next"].is_string());
}

#[tokio::test]
async fn whoever_loses_the_right_while_waiting_is_told_nothing_more() {
    let world = world().await;
    let (program, account) = program(&world).await;
    let waiting = waiting(program).await;
    // This is itself a change that it would be told of.
    world.as_("claire").delete(&account).await.expect(204);
    answered(waiting).await.refused(401, "unauthenticated");
}

fn limited(config: &mut api::foundation::config::Config) {
    config.rate_limit = RateLimit::PerSecond(10_000.try_into().unwrap());
    config.concurrency = 2.try_into().unwrap();
}

/// So many wait at once that others would find no place if waiting counted.
async fn crowd(world: &World, count: usize) -> Vec<JoinHandle<tests::Answer>> {
    let claire = world.as_("claire");
    let cursor = latest(&claire).await;
    let path = changes(&[("after", &cursor), ("wait", LONG)]);
    let mut crowd = Vec::new();
    for _ in 0..count {
        let (claire, path) = (claire.clone(), path.clone());
        crowd.push(tokio::spawn(async move { claire.get(&path).await }));
        // One after the other: before it waits, each counts as a request.
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    crowd
}

#[tokio::test]
async fn who_waits_takes_no_place_of_other_requests_and_too_many_may_not_wait() {
    let world = world_with(limited).await;
    let crowd = crowd(&world, 18).await;
    world.as_("claire").get("/v1/me").await.expect(200);
    let made = follow_up(&world).await;
    let answers = join_all(crowd.into_iter().map(answered)).await;
    let (waited, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!((waited.len(), refused.len()), (16, 2));
    for answer in waited {
        assert_eq!(answer.body["items"][0]["resource_id"], made["id"]);
    }
    for answer in refused {
        assert_eq!(answer.header("retry-after"), Some("1"));
        answer.refused(429, "too_many_requests");
    }
    let place: Value = world
        .as_("claire")
        .get(&changes(&[("wait", "1")]))
        .await
        .expect(200);
    assert!(place["items"].is_array());
}
