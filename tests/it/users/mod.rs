//! The people who can sign in, and how they are invited.

mod changes;
mod invitations;
mod reach;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tests::{Answer, Client, PASSWORD, World};

use super::auth::log_in;
use super::rows;
use crate::world;

fn lea() -> Value {
    json!({ "email": "Lea.Fontaine@Horizon.example", "given_name": "Léa", "family_name": "Fontaine", "role": "tutor" })
}

fn user(world: &World, name: &str) -> String {
    format!("/v1/users/{}", world.user_id(name))
}

fn path_of(user: &Value) -> String {
    format!("/v1/users/{}", user["id"].as_str().unwrap())
}

async fn invite(client: &Client, user: &Value) -> Value {
    let path = format!("{}/invitation", path_of(user));
    client.act(&path).await.expect(200)
}

async fn accept(world: &World, invitation: &Value) -> Answer {
    let body = json!({ "token": invitation["token"], "password": "trois moutons bleus" });
    let path = "/v1/auth/invitations/accept";
    world.anonymous().post(path, body).await
}

/// The roles that the people in a list have, sorted.
fn roles(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap();
    let mut roles: Vec<&str> = items
        .iter()
        .map(|item| item["role"].as_str().unwrap())
        .collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}
