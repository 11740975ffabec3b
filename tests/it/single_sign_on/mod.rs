//! Single sign-on: an organization trusts an OpenID provider, whose tokens then stand for ours.

mod issuer;
mod people;
mod providers;
mod tokens;

use serde_json::{Value, json};
use tests::{Answer, World};

use self::issuer::{Issuer, Key};
use crate::world_with;

const TOM: &str = "tom@livret.example";

/// Where identity providers may be on this machine.
async fn world() -> World {
    world_with(|config| config.allow_local_targets = true).await
}

/// Trusts this issuer in the organization of this coordinator.
async fn trust(world: &World, name: &str, issuer: &Issuer, more: Value) -> Value {
    let mut body = json!({ "name": "Connexion", "issuer": issuer.url, "audience": "livret" });
    for (field, value) in more.as_object().into_iter().flatten() {
        body[field] = value.clone();
    }
    let coordinator = world.as_(name);
    coordinator
        .post("/v1/identity-providers", body)
        .await
        .expect(201)
}

/// A provider that Horizon trusts, with a key that it publishes.
async fn trusted(world: &World) -> (Issuer, Key) {
    let issuer = Issuer::start().await;
    trust(world, "claire", &issuer, json!({})).await;
    let key = Key::ed();
    issuer.publishes("one", &key);
    (issuer, key)
}

/// Who the service takes the bearer of this token for.
async fn me(world: &World, token: &str) -> Answer {
    world.anonymous().bearing(token).get("/v1/me").await
}

async fn refused(world: &World, token: &str, why: &str) {
    let answer = me(world, token).await;
    assert_eq!(answer.status, 401, "{why}: {:#}", answer.body);
    answer.refused(401, "unauthenticated");
}

async fn taken_for(world: &World, token: &str, name: &str) {
    let answer = me(world, token).await.expect(200);
    assert_eq!(answer["id"], world.user_id(name).to_string());
}
