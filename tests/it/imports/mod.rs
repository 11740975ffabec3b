//! Files of rows: sent, checked, applied.

mod applying;
mod catalogue;
mod coming_home;
mod files;
mod instances;
mod json_lines;
mod limits;
mod reports;
mod resources;
mod rights;
mod turns;

use api::program::server::run_imports;
use serde_json::{Value, json};
use tests::{Answer, World};

pub(crate) const CSV: &str = "text/csv";
pub(crate) const JSON_LINES: &str = "application/x-ndjson";

/// Sends a file of candidates of the system `crm`.
pub(crate) async fn send(world: &World, name: &str, query: &str, file: impl AsRef<[u8]>) -> Answer {
    let path = format!("/v1/imports?resource=candidates&system=crm{query}");
    let headers = [("content-type", CSV)];
    world
        .as_(name)
        .post_bytes(&path, file.as_ref(), &headers)
        .await
}

/// Sends a file of any kind.
pub(crate) async fn send_as(world: &World, query: &str, media_type: &str, file: &str) -> Answer {
    let path = format!("/v1/imports?{query}");
    let headers = [("content-type", media_type)];
    let claire = world.as_("claire");
    claire.post_bytes(&path, file.as_bytes(), &headers).await
}

/// Lets the service work on what waits, and reads how it went.
pub(crate) async fn went(world: &World, sent: Answer) -> Value {
    let id = sent.expect(201)["id"].clone();
    run_imports(&world.state).await.unwrap();
    read(world, &id).await
}

pub(crate) async fn read(world: &World, id: &Value) -> Value {
    let path = format!("/v1/imports/{}", id.as_str().unwrap());
    world.as_("claire").get(&path).await.expect(200)
}

/// Sends a file of candidates, and has it checked.
pub(crate) async fn checked(world: &World, file: &str) -> Value {
    went(world, send(world, "claire", "", file).await).await
}

/// Sends a file of candidates, and has it applied.
pub(crate) async fn applied(world: &World, file: &str) -> Value {
    went(
        world,
        send(world, "claire", "&apply=all_or_nothing", file).await,
    )
    .await
}

/// Tells a checked import to be applied, and waits.
pub(super) async fn apply(world: &World, import: &Value, mode: &str) -> Value {
    let path = format!("/v1/imports/{}/apply", import["id"].as_str().unwrap());
    let body = json!({ "mode": mode });
    world.as_("claire").post(&path, body).await.expect(200);
    run_imports(&world.state).await.unwrap();
    read(world, &import["id"]).await
}

/// Line, column, pointer and code of each fault.
pub(super) async fn faults(world: &World, import: &Value) -> Vec<(i64, Value, String, String)> {
    let path = format!(
        "/v1/imports/{}/faults?limit=100",
        import["id"].as_str().unwrap()
    );
    let page = world.as_("claire").get(&path).await.expect(200);
    let items = page["items"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items
        .iter()
        .map(|fault| {
            let line = fault["line"].as_i64().unwrap();
            let column = fault["column"].clone();
            (line, column, text(&fault["pointer"]), text(&fault["code"]))
        })
        .collect()
}

/// The candidate that the system `crm` calls so.
pub(super) async fn candidate(world: &World, external_id: &str) -> Value {
    let path = format!("/v1/candidates?external_system=crm&external_id={external_id}");
    let page = world.as_("claire").get(&path).await.expect(200);
    page["items"][0].clone()
}

/// How many candidates the organization has.
pub(super) async fn candidates(world: &World) -> usize {
    let page = world.as_("claire").get("/v1/candidates?limit=100").await;
    page.expect(200)["items"].as_array().unwrap().len()
}

/// State and rows created, updated, unchanged, faulty.
pub(crate) fn counts(import: &Value) -> (&str, [i64; 4]) {
    let rows = ["created", "updated", "unchanged", "faulty"];
    let rows = rows.map(|name| import[format!("rows_{name}")].as_i64().unwrap());
    (import["state"].as_str().unwrap(), rows)
}
