//! Break-glass: an administrator reads one booklet, for a while, under the eyes of those whom it
//! is about.

mod openings;
mod reading;

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

/// Every kind of page, and the booklet itself.
const PAGES: [&str; 20] = [
    "",
    "full",
    "milestones",
    "audit",
    "members",
    "contracts",
    "objectives",
    "plan",
    "plan/actions",
    "plan-steps",
    "stages",
    "stages/jury",
    "appointments",
    "action-sheets",
    "sheet-items",
    "completed-actions",
    "follow-ups",
    "notes",
    "personal-contacts",
    "actions",
];
