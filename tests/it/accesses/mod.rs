//! Who looked at what: what each reader of the access log is shown.

mod private_notes;
mod readers;
mod recorded;

use api::trust::chain::write_accesses;
use reqwest::Method;
use serde_json::{Value, json};
use tests::World;

use crate::world;

/// What waits is written, as the service does each second.
pub(crate) async fn written(world: &World) {
    let (state, now) = (&world.state, world.clock.now());
    write_accesses(state, &state.db, now).await.unwrap();
}

async fn list(world: &World, name: &str, path: &str) -> Vec<Value> {
    written(world).await;
    let page = world.as_(name).get(path).await.expect(200);
    page["items"].as_array().unwrap().clone()
}

/// Operation and outcome of each line, the newest first.
fn told(lines: &[Value]) -> Vec<(&str, &str)> {
    let text = |line: &'_ Value, name: &str| line[name].as_str().unwrap().to_owned();
    let leak = |text: String| -> &'static str { text.leak() };
    lines
        .iter()
        .map(|line| (leak(text(line, "operation")), leak(text(line, "outcome"))))
        .collect()
}
