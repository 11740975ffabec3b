//! The directory in the public format data·inclusion, there and back.

mod import;
mod there_and_back;
mod valid;

use chrono::NaiveDate;
use serde_json::{Value, json};
use tests::{Client, World};

const PATH: &str = "/v1/useful-addresses/data-inclusion/structures";

/// The least that the format takes.
fn structure(id: &str) -> Value {
    json!({ "source": "dora", "id": id, "nom": "Maison de l'emploi", "date_maj": "2026-09-01" })
}

/// The same with these fields.
fn with(id: &str, fields: &Value) -> Value {
    let mut structure = structure(id);
    for (name, value) in fields.as_object().unwrap() {
        structure[name] = value.clone();
    }
    structure
}

async fn import(client: &Client, structures: &[Value]) -> Value {
    let body = json!({ "structures": structures });
    client.post(PATH, body).await.expect(200)
}

async fn export(client: &Client) -> Vec<Value> {
    let answer = client.get(PATH).await.expect(200);
    answer["structures"].as_array().unwrap().clone()
}

/// The address that was made of this structure.
async fn address(client: &Client, id: &str) -> Value {
    let path = format!("/v1/useful-addresses/external/data-inclusion/{id}");
    client.get(&path).await.expect(200)
}

/// As the world's clock has it.
fn today(world: &World) -> NaiveDate {
    world.day(0)
}
