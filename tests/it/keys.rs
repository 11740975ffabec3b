//! Keys that sign tokens come and go while the service runs.

use std::os::unix::fs::PermissionsExt;

use api::foundation::keys::rotation::{Rotation, rotate};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::Value;
use tests::World;

use crate::it::oauth::{Account, account_of};
use crate::world;

/// Of the clock, between two rounds of requests.
const STEP: TimeDelta = TimeDelta::seconds(100);
/// How old a token may be that must be taken.
const LIFE: TimeDelta = TimeDelta::minutes(15);

async fn published(world: &World) -> Vec<String> {
    let keys = world.anonymous().get("/.well-known/jwks.json").await;
    let keys = keys.expect(200)["keys"].clone();
    let kid = |key: &Value| key["kid"].as_str().unwrap().to_owned();
    keys.as_array().unwrap().iter().map(kid).collect()
}

/// The files of keys that sign tokens.
fn files(world: &World) -> Vec<std::path::PathBuf> {
    let dir = world.state.config.key_dir.as_ref().unwrap();
    let files = std::fs::read_dir(dir).unwrap();
    let files = files.map(|file| file.unwrap().path());
    files
        .filter(|path| path.extension().is_some_and(|end| end == "pem"))
        .collect()
}

/// Uses these tokens on both instances, all at once.
async fn all_are_taken(instances: [&World; 2], tokens: &[(DateTime<Utc>, String)]) {
    let uses = tokens.iter().flat_map(|(_, token)| {
        instances.map(|instance| async move {
            let client = instance.anonymous().bearing(token);
            client.get("/v1/candidates?limit=1").await.expect(200);
        })
    });
    join_all(uses).await;
}

async fn gather(instances: [&World; 2], crm: &Account, tokens: &mut Vec<(DateTime<Utc>, String)>) {
    for instance in instances {
        let made_at = instance.clock.now();
        tokens.push((made_at, crm.token(instance, "").await));
    }
    tokens.retain(|(made_at, _)| instances[0].clock.now() - *made_at < LIFE);
}

#[tokio::test]
async fn a_rotation_under_load_refuses_no_valid_token_on_any_instance() {
    let one = world().await;
    let two = one.twin().await;
    let instances = [&one, &two];
    let crm = account_of(&one, "claire", &["candidates:read"]).await;
    let first = published(&one).await;
    let mut tokens = Vec::new();
    let mut seen = 0;
    // Two rotations, and what follows them.
    for step in 0..37 {
        gather(instances, &crm, &mut tokens).await;
        let config = one.state.config.clone();
        let now = one.clock.now();
        let turning = tokio::task::spawn_blocking(move || match step {
            2 | 19 => rotate(&config, Rotation::Next, now).unwrap().len(),
            35 => rotate(&config, Rotation::Retire, now).unwrap().len(),
            _ => 0,
        });
        all_are_taken(instances, &tokens).await;
        // Made a key; removed the first and made another; removed the second.
        let expected = match step {
            2 | 35 => 1,
            19 => 2,
            _ => 0,
        };
        assert_eq!(turning.await.unwrap(), expected, "step {step}");
        seen += tokens.len();
        one.clock.advance(STEP);
    }
    assert!(seen > 500, "only {seen} tokens were tried");
    two.state.keys.read_again();
    let last = published(&two).await;
    assert_eq!((first.len(), last.len()), (1, 1));
    assert_ne!(first, last);
    assert_eq!(files(&one).len(), 1);
}

#[tokio::test]
async fn an_instance_meets_a_key_that_another_one_signs_with() {
    let one = world().await;
    let two = one.twin().await;
    let crm = account_of(&one, "claire", &["candidates:read"]).await;
    rotate(&one.state.config, Rotation::AtOnce, one.clock.now()).unwrap();
    one.state.keys.read_again();
    let token = crm.token(&one, "").await;
    // What the second instance read at its start is a moment old by now.
    let client = two.anonymous().bearing(&token);
    for _ in 0..200 {
        let answer = client.get("/v1/candidates").await;
        if answer.status == 200 {
            return;
        }
        answer.refused(401, "unauthenticated");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the second instance never read the keys again");
}

#[tokio::test]
async fn two_keys_live_at_most_and_only_their_owner_reads_them() {
    let world = world().await;
    let turn = |what| rotate(&world.state.config, what, world.clock.now());
    turn(Rotation::Next).unwrap();
    world.state.keys.read_again();
    assert_eq!(published(&world).await.len(), 2);
    for file in files(&world) {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", file.display());
    }
    assert!(turn(Rotation::Next).unwrap_err().contains("signs from"));
    world.clock.advance(TimeDelta::minutes(20));
    assert!(turn(Rotation::Next).unwrap_err().contains("still verifies"));
    assert!(turn(Rotation::Retire).unwrap().is_empty());
    assert_eq!(files(&world).len(), 2);
    world.clock.advance(TimeDelta::minutes(6));
    // Over: published no more, even before its file is removed.
    assert_eq!(published(&world).await.len(), 1);
    assert_eq!(turn(Rotation::Retire).unwrap().len(), 1);
    assert_eq!(files(&world).len(), 1);
}

#[tokio::test]
async fn a_folder_that_cannot_be_read_leaves_the_keys_as_they_are() {
    let world = world().await;
    let before = published(&world).await;
    for file in files(&world) {
        std::fs::write(&file, "half a key").unwrap();
    }
    world.state.keys.read_again();
    assert_eq!(published(&world).await, before);
    world.as_("tom").get("/v1/me").await.expect(200);
}
