//! Webhooks: endpoints, what is delivered to them and how often, and what happens when they fail.

mod again;
mod conformance;
mod deliveries;
mod endpoints;
mod failures;
mod hostile;
mod instances;
mod receiver;

use api::foundation::config::Config;
use api::outside::webhooks::dispatch::deliver_due;
use reqwest::Method;
use serde_json::{Value, json};
use tests::World;

use self::receiver::{Manner, Receiver};
use crate::world_with;

const WEBHOOKS: &str = "/v1/webhooks";
/// Where the caller stands in a trace.
const TRACE: (&str, &str) = (
    "traceparent",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
);

/// Where endpoints may be on this machine.
async fn world() -> World {
    world_with(local).await
}

pub(crate) fn local(config: &mut Config) {
    config.allow_local_targets = true;
}

/// Claire's webhook to this address, told of everything; with its secret.
pub(crate) async fn webhook_to(world: &World, url: &str) -> Value {
    let body = json!({ "url": url, "topics": ["*"] });
    world.as_("claire").post(WEBHOOKS, body).await.expect(201)
}

/// The same, and a receiver behind it.
async fn told_of_all(world: &World) -> (Receiver, Value) {
    let receiver = Receiver::start().await;
    let webhook = webhook_to(world, &receiver.url).await;
    (receiver, webhook)
}

fn at(webhook: &Value) -> String {
    format!("{WEBHOOKS}/{}", webhook["id"].as_str().unwrap())
}

/// Something happens: one event.
async fn happens(world: &World) -> Value {
    let body =
        json!({ "given_name": "Awa", "family_name": "Diop", "email": "awa@personal.example" });
    world
        .as_("claire")
        .send(Method::POST, "/v1/candidates", Some(body), &[TRACE])
        .await
        .expect(201)
}

/// Delivers what is due now, all of it. How many attempts that took.
async fn deliver(world: &World) -> usize {
    let mut attempts = 0;
    loop {
        match deliver_due(&world.state).await.unwrap() {
            0 => return attempts,
            made => attempts += made,
        }
    }
}

/// The webhook as Claire sees it now.
async fn seen(world: &World, webhook: &Value) -> Value {
    world.as_("claire").get(&at(webhook)).await.expect(200)
}

/// The log of a webhook, newest first.
async fn log(world: &World, webhook: &Value, filter: &str) -> Vec<Value> {
    let list = format!("{}/deliveries?limit=100{filter}", at(webhook));
    let page = world.as_("claire").get(&list).await.expect(200);
    page["items"].as_array().unwrap().clone()
}
