//! § 05: the plan is proposed by one party and agreed by the other.

mod agreeing;
mod changes;

use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::{Client, World};

use crate::world;

async fn add_step(world: &World, candidate: &str) -> String {
    let step = json!({
        "objective": "Adopter la posture attendue", "label": "Entraînement",
        "activity": "workshop", "grouping": "individual",
    });
    let tutor = if candidate == "rita" { "remi" } else { "tom" };
    let created = world
        .as_(tutor)
        .post(&world.booklet(candidate, "plan-steps"), step)
        .await
        .expect(201);
    format!("/v1/plan-steps/{}", created["id"].as_str().unwrap())
}

async fn plan(by: &Client, world: &World, candidate: &str) -> Value {
    by.get(&world.booklet(candidate, "plan")).await.expect(200)
}
