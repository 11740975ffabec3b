//! § 05: Objectif / Étape / Durée / Modalité.

mod editing;
mod order;
mod templates;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World};

use crate::world;

const GENERIC: &str = "019b76da-a800-7003-89a9-810a7ecd0039";

fn step(label: &str) -> Value {
    json!({
        "objective": "Finaliser le dossier", "label": label,
        "activity": "workshop", "grouping": "either",
    })
}

async fn add(by: &Client, world: &World, label: &str) -> Value {
    by.post(&world.booklet("samira", "plan-steps"), step(label))
        .await
        .expect(201)
}

fn path(step: &Value) -> String {
    format!("/v1/plan-steps/{}", step["id"].as_str().unwrap())
}

/// The labels of the plan in order; fails unless the places are 1, 2, 3 …
async fn labels(by: &Client, world: &World) -> Vec<String> {
    let page = by
        .get(&world.booklet("samira", "plan-steps"))
        .await
        .expect(200);
    let items = page["items"].as_array().unwrap();
    let places: Vec<_> = items.iter().map(|item| item["position"].as_i64()).collect();
    let count = i64::try_from(items.len()).unwrap();
    assert_eq!(places, (1..=count).map(Some).collect::<Vec<_>>());
    items
        .iter()
        .map(|item| item["label"].as_str().unwrap().to_owned())
        .collect()
}
