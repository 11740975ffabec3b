//! Candidates, and what other systems call them.

mod doubles;
mod found;
mod people;

use entity::event;
use reqwest::Method;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tests::{Client, World};
use uuid::Uuid;

use crate::world;

const NOBODY: [Uuid; 0] = [];

fn elodie() -> Value {
    json!({ "given_name": "Élodie", "family_name": "Lefèvre-Müller" })
}

fn path_of(candidate: &Value) -> String {
    format!("/v1/candidates/{}", candidate["id"].as_str().unwrap())
}

fn candidate(world: &World, name: &str) -> String {
    format!("/v1/candidates/{}", world.candidate_id(name))
}

async fn ids(client: &Client, query: &str) -> Vec<Uuid> {
    let list = client
        .get(&format!("/v1/candidates{query}"))
        .await
        .expect(200);
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_str().unwrap().parse().unwrap())
        .collect()
}

/// A new account of the role candidate.
pub(super) async fn account(client: &Client, email: &str) -> Value {
    let body =
        json!({ "email": email, "given_name": "Zoé", "family_name": "Petit", "role": "candidate" });
    client.post("/v1/users", body).await.expect(201)["id"].clone()
}
