//! § 02: the contract, from its draft to its end.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod amendments;
mod drafts;
mod endings;
mod paper;
mod rights;
mod signatures;

use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{Client, World};
use uuid::Uuid;

use crate::world;

fn path(contract: &Value, action: &str) -> String {
    let id = contract["id"].as_str().unwrap();
    if action.is_empty() {
        format!("/v1/contracts/{id}")
    } else {
        format!("/v1/contracts/{id}/{action}")
    }
}

fn place() -> Value {
    json!({ "place": "Toulouse" })
}

fn paper(party: &str) -> Value {
    json!({ "place": "Toulouse", "method": "paper", "party": party })
}

/// A draft of tom's, for this candidate, that ends in so many days.
async fn draft(world: &World, candidate: &str, days: i64) -> Value {
    let body = json!({ "ends_on": world.day(days) });
    let contracts = world.booklet(candidate, "contracts");
    world.as_("tom").post(&contracts, body).await.expect(201)
}

async fn proposed(world: &World, candidate: &str, days: i64) -> Value {
    let draft = draft(world, candidate, days).await;
    propose(world, &draft).await
}

async fn propose(world: &World, draft: &Value) -> Value {
    let tom = world.as_("tom");
    tom.act(&path(draft, "propose")).await.expect(200)
}

async fn sign(who: &Client, contract: &Value) -> Value {
    let read = json!({ "place": "Toulouse", "content_sha256": contract["content_sha256"] });
    who.post(&path(contract, "signatures"), read)
        .await
        .expect(200)
}

async fn signed_by_both(world: &World, proposed: &Value) -> Value {
    sign(&world.as_("samira"), proposed).await;
    sign(&world.as_("tom"), proposed).await
}

async fn in_force(world: &World, days: i64) -> Value {
    let proposed = proposed(world, "samira", days).await;
    signed_by_both(world, &proposed).await
}

async fn amended(world: &World, contract: &Value) -> Value {
    let tom = world.as_("tom");
    tom.act(&path(contract, "amend")).await.expect(201)
}

async fn state_of(world: &World, contract: &Value) -> String {
    let contract = world.as_("tom").get(&path(contract, "")).await.expect(200);
    contract["state"].as_str().unwrap().to_owned()
}

async fn state_of_booklet(world: &World) -> String {
    let booklet = world.as_("claire").get(&world.booklet("samira", "")).await;
    booklet.expect(200)["state"].as_str().unwrap().to_owned()
}

/// Suspends, resumes, closes … samira's booklet.
async fn put_booklet(world: &World, action: &str, body: Option<Value>) {
    let claire = world.as_("claire");
    let path = world.booklet("samira", action);
    let answer = claire.send(reqwest::Method::POST, &path, body, &[]).await;
    answer.expect(200);
}

fn reason() -> Value {
    json!({ "reason": "Déménagement." })
}

/// What happened to samira's booklet, oldest first.
async fn changes(world: &World) -> Vec<Value> {
    let audit = format!("{}?limit=100", world.booklet("samira", "audit"));
    let mut changes = world.as_("claire").get(&audit).await.expect(200);
    let mut changes = std::mem::take(changes["items"].as_array_mut().unwrap());
    changes.reverse();
    changes
}

async fn trail(world: &World) -> Vec<String> {
    let changes = changes(world).await;
    let kinds = changes.iter().map(|change| change["type"].as_str());
    kinds.map(|kind| kind.unwrap().to_owned()).collect()
}

async fn tina_joins(world: &World, kind: &str) -> Value {
    let body = json!({ "user_id": world.user_id("tina"), "kind": kind });
    let members = world.booklet("samira", "members");
    let claire = world.as_("claire");
    claire.post(&members, body).await.expect(201)
}
