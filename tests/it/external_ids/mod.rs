//! Objects under the names that other systems give to them.

mod at_once;
mod clashes;
mod names;
mod puts;

use entity::event;
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::{Answer, Client, World};
use uuid::Uuid;

/// What can be named, by the collection's address, and what its rows are called in events.
const NAMED: [(&str, &str); 4] = [
    ("candidates", "candidate"),
    ("booklets", "booklet"),
    ("users", "user"),
    ("useful-addresses", "useful_address"),
];

/// What makes an object of this collection in Horizon; the same each time.
fn body(world: &World, collection: &str) -> Value {
    match collection {
        "candidates" => json!({ "given_name": "Inès", "family_name": "Carpentier" }),
        "booklets" => {
            json!({ "candidate_id": world.candidate_id("samira"), "tutor_id": world.user_id("tom") })
        }
        "users" => {
            json!({ "email": "Ines@horizon.example", "given_name": "Inès", "family_name": "Roy", "role": "tutor" })
        }
        _ => json!({ "category": "cep", "name": "CEP", "missions": "Conseiller" }),
    }
}

/// A change of such an object: a field, and its other value.
fn change(world: &World, collection: &str) -> (&'static str, Value) {
    match collection {
        "booklets" => ("target_closing_on", json!(world.day(200))),
        _ => ("phone", json!("+33612345678")),
    }
}

fn at(collection: &str, external_id: &str) -> String {
    format!("/v1/{collection}/external/crm/{external_id}")
}

/// Without a version: a PUT under a name needs none.
async fn put(client: &Client, path: &str, body: Value) -> Answer {
    client.send(Method::PUT, path, Some(body), &[]).await
}

fn id(object: &Value) -> Uuid {
    object["id"].as_str().unwrap().parse().unwrap()
}

fn reference(system: &str, external_id: &str) -> Value {
    json!({ "system": system, "external_id": external_id })
}

/// What happened so far, in order: the kind of each event, and what changed.
#[expect(clippy::disallowed_methods, reason = "a test reads the whole trail")]
async fn trail(world: &World) -> Vec<(String, Vec<String>)> {
    let events = event::Entity::find().all(world.state.db.reader()).await;
    let told = |event: event::Model| (event.kind, event.changed.0);
    events.unwrap().into_iter().map(told).collect()
}
