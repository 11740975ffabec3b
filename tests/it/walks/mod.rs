//! What operations share, met on every operation of the API document: nobody picks the cases by hand, so
//! a new operation is held to it from its first day.

mod growth;
mod http;
mod patches;
mod probe;
mod requests;
mod rights;
mod service;
mod versions;

use api::foundation::policy::{self, Reach, Resource};
use entity::idempotency_key;
use entity::values::Role;
use futures_util::future::join_all;
use futures_util::stream;
use migration::{Migrator, MigratorTrait};
use reqwest::{Body, Method};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use tests::{Answer, Client, Operation, World};

use super::access::CAST;
use super::access::objects::{self, Target};
use super::auth::sign_in;
use super::oauth::account_of;
use crate::{limited_world, world};

/// Somebody whose role may; nobody, where no role is asked for.
pub(crate) fn caller(world: &World, operation: &Operation) -> Client {
    match operation.policy() {
        Some(_) => world.as_(one_who_may(operation)),
        None => world.anonymous(),
    }
}

fn one_who_may(operation: &Operation) -> &'static str {
    let (resource, action) = operation.policy().unwrap();
    let may = |role| policy::roles(resource, action).any(|one| one == role);
    let found = CAST.into_iter().find(|(role, _)| may(*role));
    found.unwrap().1
}

/// Where nothing is.
pub(crate) fn nowhere(operation: &Operation) -> String {
    asking(
        operation,
        operation.fill(&[api::kit::new_id().to_string(), "jury".to_owned()]),
    )
}

/// With what must be said in the query.
fn asking(operation: &Operation, path: String) -> String {
    let needed = operation
        .query()
        .into_iter()
        .filter(|p| p["required"] == true);
    let pairs = needed.map(|parameter| {
        let listed = Operation::values(parameter).first().copied();
        let value = listed.or(parameter["example"].as_str()).unwrap();
        format!("{}={value}", parameter["name"].as_str().unwrap())
    });
    let pairs: Vec<String> = pairs.collect();
    match pairs.is_empty() {
        true => path,
        false => format!("{path}?{}", pairs.join("&")),
    }
}

/// The operation's own example, sent as the API document says, on any version.
async fn play(client: &Client, operation: &Operation, path: &str) -> Answer {
    let body = operation.example().unwrap_or_default();
    play_with(client, operation, path, body).await
}

async fn play_with(client: &Client, operation: &Operation, path: &str, body: Value) -> Answer {
    let (body, media_type) = match operation.media_type() {
        Some(form @ "application/x-www-form-urlencoded") => (urlencoded(&body), form),
        Some(lines) if body.is_string() => (body.as_str().unwrap().to_owned(), lines),
        Some(json) => (body.to_string(), json),
        None => return send(client, operation, path, String::new(), &[ANY]).await,
    };
    let headers = [ANY, ("content-type", media_type)];
    send(client, operation, path, body, &headers).await
}

const ANY: (&str, &str) = ("if-match", "*");

async fn send(
    client: &Client,
    operation: &Operation,
    path: &str,
    body: impl Into<Body>,
    headers: &[(&str, &str)],
) -> Answer {
    client
        .raw(operation.method.clone(), path, body, headers)
        .await
}

fn urlencoded(fields: &Value) -> String {
    let fields = fields.as_object().unwrap().iter();
    let pairs = fields.map(|(name, value)| format!("{name}={}", value.as_str().unwrap()));
    pairs.collect::<Vec<_>>().join("&")
}

#[track_caller]
fn met(operation: &Operation, answer: &Answer, status: u16) {
    assert!(
        operation.documents(status),
        "{} does not document {status}",
        operation.id
    );
    assert_eq!(answer.status, status, "{}: {:#}", operation.id, answer.body);
}

/// Those who may do the most come first.
const PREFERRED: [&str; 4] = ["claire", "tom", "samira", "ada"];

/// An operation on a fresh object, by somebody who may.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) path: String,
}

impl Case {
    pub(crate) async fn of(world: &World, operation: &Operation) -> Self {
        let (resource, action) = operation.policy().unwrap();
        let may = |name: &&&str| {
            let (role, _) = CAST.iter().find(|(_, other)| other == *name).unwrap();
            policy::reach(resource, action, *role) != Reach::Nothing
        };
        let name = PREFERRED.iter().find(may).unwrap();
        let (role, _) = CAST.iter().find(|(_, other)| other == name).unwrap();
        let ids = objects::object(world, operation, *role, Target::Own).await;
        let path = operation.fill(&ids);
        Self { name, path }
    }

    pub(crate) fn client(&self, world: &World) -> Client {
        world.as_(self.name)
    }
}
