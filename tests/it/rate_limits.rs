//! What the headers `RateLimit` and `RateLimit-Policy` say of the limit on requests, by their numbers.

use api::foundation::config::RateLimit;
use serde_json::json;
use tests::{Answer, Client, World};

use crate::world_with;

/// So many requests a second, and at once.
const QUOTA: u32 = 3;

/// The value of a header's parameter: of `r` in `"general";r=2;t=1`.
fn number(answer: &Answer, header: &str, name: &str) -> u64 {
    let value = answer.header(header).unwrap();
    let mut parts = value.split(';');
    assert_eq!(parts.next(), Some("\"general\""), "{value}");
    let mut found = parts.filter_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    found.next().unwrap().parse().unwrap()
}

/// A program with a key, made by a coordinator who has asked for nothing yet.
async fn api_key(world: &World) -> Client {
    let rose = world.as_("rose");
    let account = json!({ "name": "CRM", "scopes": ["candidates:read"] });
    let account = rose.post("/v1/service-accounts", account).await.expect(201);
    let keys = format!(
        "/v1/service-accounts/{}/api-keys",
        account["id"].as_str().unwrap()
    );
    let key = rose.post(&keys, json!({ "name": "A" })).await.expect(201);
    world.anonymous().bearing(key["key"].as_str().unwrap())
}

/// Asks until it is too much; each request takes one away of what is left.
async fn exhaust(client: &Client, path: &str) {
    let mut left = u64::from(QUOTA);
    loop {
        let answer = client.get(path).await;
        let now_left = number(&answer, "ratelimit", "r");
        let wait = number(&answer, "ratelimit", "t");
        assert_eq!(number(&answer, "ratelimit-policy", "q"), u64::from(QUOTA));
        assert_eq!(number(&answer, "ratelimit-policy", "w"), 1);
        assert_eq!(wait, 1);
        if answer.status == 429 {
            assert_eq!((left, now_left), (0, 0));
            assert_eq!(answer.header("retry-after"), Some(&*wait.to_string()));
            assert_eq!(
                answer.refused(429, "too_many_requests")["retry_after"],
                wait
            );
            return;
        }
        assert_eq!(answer.status, 200);
        // What the passing time gave back meanwhile counts too.
        assert!(
            now_left + 1 >= left && now_left < u64::from(QUOTA),
            "{left} {now_left}"
        );
        left = now_left;
    }
}

/// Asks for what is answered so, until it is too much.
async fn slowed_down(client: &Client, path: &str, status: u16) {
    for _ in 0..100 {
        let answer = client.get(path).await;
        if answer.status != status {
            answer.refused(429, "too_many_requests");
            return;
        }
    }
    panic!("nobody is slowed down at {path}");
}

#[tokio::test]
async fn the_headers_count_down_to_the_refusal_for_each_person_and_address() {
    let world = world_with(|config| {
        config.rate_limit = RateLimit::PerSecond(QUOTA.try_into().unwrap());
    })
    .await;
    exhaust(&world.as_("tom"), "/v1/me").await;
    exhaust(&world.as_("claire"), "/v1/me").await;
    exhaust(&world.anonymous(), "/problems").await;
    // All keys of a program count as the program.
    exhaust(&api_key(&world).await, "/v1/candidates").await;
}

/// What stands in no contract costs as well.
#[tokio::test]
async fn pages_and_what_is_nowhere_are_counted_but_not_who_asks_for_health() {
    let world = world_with(|config| {
        config.rate_limit = RateLimit::PerSecond(1.try_into().unwrap());
    })
    .await;
    for (path, status) in [("/docs/", 200), ("/nowhere", 404)] {
        let stranger = world.anonymous();
        slowed_down(&stranger, path, status).await;
        for _ in 0..3 {
            assert_eq!(stranger.get("/health/live").await.status, 200);
        }
    }
}

/// Who is refused is counted too.
#[tokio::test]
async fn those_who_may_not_and_those_whom_nobody_knows_are_slowed_down_as_well() {
    let world = world_with(|config| {
        config.rate_limit = RateLimit::PerSecond(1.try_into().unwrap());
    })
    .await;
    let notes = world.booklet("samira", "notes");
    let forged = world.anonymous().bearing("forged");
    for (stranger, status) in [(world.as_("paul"), 403), (forged, 401)] {
        slowed_down(&stranger, &notes, status).await;
    }
}
