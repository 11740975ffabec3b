//! § 07: the directory of an organization, and the part shared by all.

mod fields;
mod found;
mod keepers;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World};

use crate::world;

const PATH: &str = "/v1/useful-addresses";

fn address() -> Value {
    json!({
        "category": "prescriber", "name": "Mission locale de l’Hérault",
        "missions": "Accompagne les jeunes vers l'emploi.",
    })
}

async fn add(world: &World, author: &str, body: Value) -> Value {
    world.as_(author).post(PATH, body).await.expect(201)
}

fn item(address: &Value) -> String {
    format!("{PATH}/{}", address["id"].as_str().unwrap())
}

async fn names(client: &Client, filter: &str) -> Vec<String> {
    let page = client
        .get(&format!("{PATH}?limit=100&{filter}"))
        .await
        .expect(200);
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}
