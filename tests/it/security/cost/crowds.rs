//! Crowds of one organization: programs that wait, names that are looked up. Another one goes on.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tests::{Client, PASSWORD, World};

use super::timed;
use crate::it::auth::log_in;
use crate::{world, world_with};

/// How long a request of somebody else may take meanwhile, on a busy machine.
const SOON: Duration = Duration::from_secs(3);

/// A program of claire's.
async fn program(world: &World, number: usize) -> Client {
    let claire = world.as_("claire");
    let body = json!({ "name": format!("Passerelle {number}"), "scopes": ["events:read"] });
    let made = claire.post("/v1/service-accounts", body).await.expect(201);
    let text = |field: &str| made[field].as_str().unwrap().to_owned();
    let (id, secret) = (text("client_id"), text("secret"));
    let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
    let nobody = world.anonymous();
    let token = nobody.form("/oauth/token", &form, &[]).await.expect(200);
    nobody.bearing(token["access_token"].as_str().unwrap())
}

/// Five hundred programs with eight thousand streams kept a core busy, and made each write slow.
#[tokio::test]
async fn an_organization_has_so_many_who_wait_and_their_waking_keeps_nobody() {
    let world = world_with(limited).await;
    let mut programs = Vec::new();
    for number in 0..17 {
        programs.push(program(&world, number).await);
    }
    let mut waiting = Vec::new();
    for program in programs {
        let page = program.get("/v1/changes").await.expect(200);
        let next = page["next"].as_str().unwrap();
        for _ in 0..16 {
            let path = format!("/v1/changes?wait=30&after={next}");
            let program = program.clone();
            waiting.push(tokio::spawn(async move { program.get(&path).await.status }));
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    // Another organization finds its places.
    let rose = world.as_("rose");
    let page = rose.get("/v1/changes?wait=1").await;
    page.expect(200);
    let body = || json!({ "given_name": "Inès", "family_name": "Roy" });
    let (woken, took) = timed(world.as_("claire").post("/v1/candidates", body())).await;
    woken.expect(201);
    assert!(took < SOON, "{took:?}");
    let (elsewhere, took) = timed(rose.post("/v1/candidates", body())).await;
    elsewhere.expect(201);
    assert!(took < SOON, "{took:?}");
    let statuses: Vec<u16> = join_all(waiting)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let count = |status: u16| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(200), count(429)), (256, 16), "{statuses:?}");
}

fn limited(config: &mut api::foundation::config::Config) {
    let per_second = std::num::NonZeroU32::new(10_000).unwrap();
    config.rate_limit = api::foundation::config::RateLimit::PerSecond(per_second);
}

#[tokio::test]
async fn an_organization_has_two_hundred_programs() {
    let world = world().await;
    let claire = world.as_("claire");
    let new = |number: usize| json!({ "name": format!("Passerelle {number}"), "scopes": ["events:read"] });
    let mut made = claire.post("/v1/service-accounts", new(0)).await;
    let mut count = 0;
    while made.status == 201 && count <= 200 {
        count += 1;
        made = claire.post("/v1/service-accounts", new(count)).await;
    }
    let refused = made.refused(409, "quota_reached");
    assert_eq!(refused["errors"][0]["params"]["max"], 200);
}

/// The threads that look names up were those that check passwords: names that resolve slowly kept
/// everybody from signing in.
#[tokio::test]
async fn names_that_are_looked_up_keep_nobody_from_signing_in() {
    let world = world_with(limited).await;
    let claire = world.as_("claire");
    let lookups = (0..80).map(|number| {
        let url = format!("https://slow-{number}.livret.invalid/hook");
        let body = json!({ "url": url, "topics": ["*"] });
        let claire = claire.clone();
        tokio::spawn(async move { claire.post("/v1/webhooks", body).await.status })
    });
    let lookups: Vec<_> = lookups.collect();
    let (signed_in, took) = timed(log_in(&world, "rose@livret.example", PASSWORD)).await;
    signed_in.expect(200);
    assert!(took < SOON, "{took:?}");
    for status in join_all(lookups).await {
        let status = status.unwrap();
        // Who leads nowhere yet may be registered: it is asked again at each delivery.
        assert!([201, 409, 429].contains(&status), "{status}");
    }
}
