//! The identities of other systems.

mod accounts;
mod api_keys;
mod scopes;
mod secrets;

use chrono::{DateTime, Months, Utc};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, World};

use crate::world;

const ACCOUNTS: &str = "/v1/service-accounts";

fn crm(scopes: &[&str]) -> Value {
    json!({ "name": "CRM", "scopes": scopes })
}

fn path_of(account: &Value) -> String {
    format!("{ACCOUNTS}/{}", account["id"].as_str().unwrap())
}

/// What the token endpoint answers to an account as it was shown once.
async fn token(world: &World, account: &Value) -> Answer {
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        account["client_id"].as_str().unwrap(),
        account["secret"].as_str().unwrap()
    );
    world.anonymous().form("/oauth/token", &form, &[]).await
}

/// Acts with this access token.
fn bearing(world: &World, token: &Value) -> Client {
    let token = token["access_token"].as_str().unwrap();
    world.anonymous().bearing(token)
}

async fn read(world: &World, token: &Value, path: &str) -> Answer {
    bearing(world, token).get(path).await
}

async fn create(client: &Client, scopes: &[&str]) -> Value {
    client.post(ACCOUNTS, crm(scopes)).await.expect(201)
}
