//! What other systems call by, sign in with, are told at, and send.

use super::*;
use crate::it::imports;

/// What a coordinator sets up for another system.
pub(super) async fn program(world: &World, collection: &str, target: Target) -> String {
    let [coordinator, ..] = people(target);
    let body = match collection {
        "service-accounts" => json!({ "name": "CRM", "scopes": ["booklets:read"] }),
        "identity-providers" => {
            json!({ "name": "Connexion", "issuer": format!("https://8.8.8.8/{}", letters()), "audience": "livret" })
        }
        _ => json!({ "url": "https://crm.horizon.example/livret", "topics": ["*"] }),
    };
    if collection != "webhook-deliveries" {
        return made(world, coordinator, &format!("/v1/{collection}"), body).await;
    }
    let webhook = made(world, coordinator, "/v1/webhooks", body).await;
    let ping = format!("/v1/webhooks/{webhook}/ping");
    let delivery = world.as_(coordinator).act(&ping).await.expect(201);
    delivery["id"].as_str().unwrap().to_owned()
}

/// A key of a new service account.
pub(super) async fn api_key(world: &World, target: Target) -> String {
    let [coordinator, ..] = people(target);
    let account = program(world, "service-accounts", target).await;
    let keys = format!("/v1/service-accounts/{account}/api-keys");
    made(world, coordinator, &keys, json!({ "name": "A" })).await
}

/// A service account sees its own.
pub(super) async fn import(world: &World, role: Role, target: Target) -> String {
    let [coordinator, ..] = people(target);
    let sender = match (role, target) {
        (Role::Integration, Target::Own) => "crm",
        _ => coordinator,
    };
    let sent = imports::send(world, sender, "", "given_name,family_name\nA\n").await;
    sent.expect(201)["id"].as_str().unwrap().to_owned()
}
