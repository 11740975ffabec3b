//! Break-glass: an administrator reads one booklet, for a while, under the eyes of those whom it
//! is about.

mod openings;
mod reading;

use api::foundation::policy;
use chrono::TimeDelta;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, Operation, World};

use super::accesses::written;
use super::rows;
use crate::{world, world_with};

const REASON: &str = "Signalement 118 : à la demande de la candidate.";

async fn open(world: &World, candidate: &str, minutes: i32) -> Value {
    let body = json!({ "reason": REASON, "minutes": minutes });
    let at = world.booklet(candidate, "break-glass");
    world.as_("ada").post(&at, body).await.expect(201)
}

async fn write(world: &World, name: &str, page: &str, body: Value) -> String {
    let at = world.booklet("samira", page);
    let made = world.as_(name).post(&at, body).await.expect(201);
    made["id"].as_str().unwrap().to_owned()
}

async fn end(client: &Client, opening: &Value) -> Value {
    let at = format!("/v1/break-glass/{}/end", opening["id"].as_str().unwrap());
    client.act(&at).await.expect(200)
}

/// Every address below a booklet that is read by break-glass, and the booklet's own.
fn pages() -> Vec<String> {
    let is_opened = |operation: &Operation| {
        let policy = operation.policy();
        policy.is_some_and(|(resource, action)| policy::by_break_glass(resource, action))
    };
    let operations = Operation::all().into_iter().filter(is_opened);
    let paths = operations.filter_map(|operation| {
        let page = operation.path.strip_prefix("/v1/booklets/{id}")?;
        Some(page.trim_start_matches('/').replace("{code}", "jury"))
    });
    let pages: Vec<String> = paths.collect();
    assert!(pages.len() >= 20, "{pages:?}");
    pages
}
