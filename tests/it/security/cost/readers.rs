//! Long answers end when their reader may no longer read, or takes nothing of them.

use std::num::NonZeroU32;
use std::time::Duration;

use api::foundation::config::RateLimit;
use futures_util::StreamExt;
use tests::World;

use super::many_notes;
use crate::{world, world_with};

async fn ask(world: &World, path: &str) -> reqwest::Response {
    let token = world.as_("claire").token().unwrap();
    let request = reqwest::Client::new().get(format!("{}{path}", world.url()));
    request.bearer_auth(token).send().await.unwrap()
}

/// It went on for as long as its reader liked, with what was written since.
#[tokio::test]
async fn an_export_ends_when_its_reader_s_session_does() {
    for path in ["/v1/exports/notes?format=jsonl", "/v1/exports/archive"] {
        let world = world().await;
        // More than the network holds for a reader who waits.
        many_notes(&world, 3000).await;
        let mut body = ask(&world, path).await.bytes_stream();
        body.next().await.unwrap().unwrap();
        world.as_("claire").act("/v1/auth/logout").await.expect(204);
        let mut is_cut = false;
        while let Some(piece) = body.next().await {
            is_cut |= piece.is_err();
        }
        assert!(is_cut, "{path}");
    }
}

/// Two readers who slept kept their colleagues from any export.
#[tokio::test]
async fn a_reader_who_takes_nothing_is_cut_and_leaves_the_place_to_others() {
    let world = world_with(|config| {
        config.rate_limit = RateLimit::PerSecond(NonZeroU32::new(10_000).unwrap());
        config.reader_seconds = 1.try_into().unwrap();
    })
    .await;
    many_notes(&world, 3000).await;
    let path = "/v1/exports/notes?format=jsonl";
    let asleep = [ask(&world, path).await, ask(&world, path).await];
    assert!(asleep.iter().all(|answer| answer.status() == 200));
    assert_eq!(ask(&world, path).await.status(), 429);
    for _ in 0..100 {
        if ask(&world, path).await.status() == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("asleep for ever");
}
