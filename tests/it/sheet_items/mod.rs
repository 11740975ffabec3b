//! § 08: what is to produce, to contact or to do, from one sheet to the next.

mod settling;
mod writing;

use serde_json::{Value, json};
use tests::{Answer, Client};

use super::action_sheets::{lock, sheet};
use crate::world;

/// Writes an item on a sheet and gives its address.
pub(crate) async fn item(client: &Client, sheet: &str, body: Value) -> String {
    let created = client.post(&format!("{sheet}/items"), body).await;
    let location = created.header("location").unwrap_or_default().to_owned();
    created.expect(201);
    location
}

/// Settles an item on a sheet, both given by their addresses.
pub(crate) async fn settle(client: &Client, item: &str, sheet: &str, body: Value) -> Answer {
    let mut body = body;
    body["sheet_id"] = json!(sheet.rsplit('/').next());
    client.post(&format!("{item}/settle"), body).await
}

async fn carry_on(client: &Client, item: &str, sheet: &str) -> Answer {
    let body = json!({ "sheet_id": sheet.rsplit('/').next() });
    client.post(&format!("{item}/carry-on"), body).await
}

fn task() -> Value {
    json!({ "kind": "task", "label": "Appeler le CEP" })
}

fn done() -> Value {
    json!({ "state": "done" })
}
