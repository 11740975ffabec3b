//! Exports: what leaves, what stays, in which forms, and who learns of it.

mod archive;
mod columns;
mod complete;
mod forms;
mod manners;
mod streams;
mod trail;

use serde_json::Value;
use tests::{Client, Demo, World};

/// The day that the demo is told on.
const TODAY: &str = "2026-11-23T10:00:00Z";

/// The demo, on a copy of its own, and the coordinator of its organization.
async fn told() -> (Demo, World, Client) {
    let demo = crate::demo(TODAY).await;
    let world = demo.copy().await;
    let claire = demo.client(&world, "claire");
    (demo, world, claire)
}

/// What `GET /v1/exports` lists.
async fn datasets(client: &Client) -> Vec<Value> {
    let page = client.get("/v1/exports").await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn name(dataset: &Value) -> &str {
    dataset["dataset"].as_str().unwrap()
}

fn columns(dataset: &Value) -> Vec<&str> {
    let columns = dataset["columns"].as_array().unwrap();
    columns.iter().flat_map(Value::as_str).collect()
}

/// The rows of a table as JSON Lines.
async fn rows(client: &Client, dataset: &str, query: &str) -> Vec<Value> {
    let at = format!("/v1/exports/{dataset}?format=jsonl&{query}");
    lines(&client.get(&at).await.text(200))
}

fn lines(text: &str) -> Vec<Value> {
    assert!(text.is_empty() || text.ends_with('\n'));
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}
