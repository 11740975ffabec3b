//! The refusals that operations share, met on every operation of the contract: nobody picks the
//! cases by hand, so a new operation is held to them from its first day.

use api::policy::{self, Resource};
use entity::idempotency_key;
use entity::values::Role;
use futures_util::future::join_all;
use futures_util::stream;
use migration::{Migrator, MigratorTrait};
use reqwest::{Body, Method};
use sea_orm::{ActiveModelTrait, Set};
use serde_json::{Value, json};
use tests::{Answer, Client, Operation, PASSWORD, World};

use super::access::{CAST, objects};
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
    operation.fill(&[api::kit::new_id().to_string(), "jury".to_owned()])
}

/// The operation's own example, sent as the contract says, on any version.
async fn play(client: &Client, operation: &Operation, path: &str) -> Answer {
    let body = operation.example().unwrap_or_default();
    play_with(client, operation, path, body).await
}

async fn play_with(client: &Client, operation: &Operation, path: &str, body: Value) -> Answer {
    let (body, media_type) = match operation.media_type() {
        Some(form @ "application/x-www-form-urlencoded") => (urlencoded(&body), form),
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

#[tokio::test]
async fn every_operation_refuses_a_question_it_does_not_know_and_answers_json_alone() {
    let world = world().await;
    for operation in Operation::all() {
        let (client, path) = (caller(&world, &operation), nowhere(&operation));
        let unknown = format!("{path}?unheard_of=1");
        let answer = send(&client, &operation, &unknown, "", &[]).await;
        met(&operation, &answer, 400);
        let headers = [("accept", "text/plain")];
        let answer = send(&client, &operation, &path, "", &headers).await;
        met(&operation, &answer, 406);
    }
}

#[tokio::test]
async fn every_header_has_the_length_that_the_contract_says() {
    let world = world().await;
    for operation in Operation::all() {
        let (client, path) = (caller(&world, &operation), nowhere(&operation));
        for (name, longest) in operation.bounded_headers() {
            for (length, is_refused) in [(longest, false), (longest + 1, true)] {
                let value = "x".repeat(usize::try_from(length).unwrap());
                let headers = [(name, value.as_str())];
                let answer = send(&client, &operation, &path, "", &headers).await;
                let code = answer.body["code"].as_str().unwrap_or_default();
                let refused = matches!(code, "bad_request" | "invalid_idempotency_key");
                assert_eq!(refused, is_refused, "{} {name}: {code}", operation.id);
            }
        }
    }
}

#[tokio::test]
async fn every_operation_with_a_body_refuses_one_of_another_type_size_or_form() {
    let world = world().await;
    for operation in Operation::all() {
        let Some(media_type) = operation.media_type() else {
            continue;
        };
        let (client, path) = (caller(&world, &operation), nowhere(&operation));
        let json = [("content-type", media_type)];
        let text = [("content-type", "text/plain")];
        let answer = send(&client, &operation, &path, "text", &text).await;
        met(&operation, &answer, 415);
        let answer = send(&client, &operation, &path, vec![b' '; 2_000_000], &json).await;
        met(&operation, &answer, 413);
        // OAuth 2.0 has one answer to all that is malformed (RFC 6749, section 5.2).
        if operation.documents(422) {
            let answer = send(&client, &operation, &path, "{", &json).await;
            met(&operation, &answer, 400);
            let unknown = json!({ "unheard_of": true }).to_string();
            let answer = send(&client, &operation, &path, unknown, &json).await;
            met(&operation, &answer, 422);
        } else {
            let answer = send(&client, &operation, &path, "scope=a&scope=b", &json).await;
            met(&operation, &answer, 400);
        }
    }
}

/// As long as the service waits for a body, and for all operations at once.
#[tokio::test]
async fn every_operation_with_a_body_gives_up_one_that_does_not_arrive() {
    let world = world().await;
    let waiting = Operation::all().into_iter().filter_map(|operation| {
        let media_type = operation.media_type()?.to_owned();
        let (client, path) = (caller(&world, &operation), nowhere(&operation));
        Some(async move {
            let never = Body::wrap_stream(stream::pending::<Result<Vec<u8>, std::io::Error>>());
            let headers = [("content-type", media_type.as_str())];
            let answer = send(&client, &operation, &path, never, &headers).await;
            met(&operation, &answer, 408);
        })
    });
    assert!(!join_all(waiting).await.is_empty());
}

#[tokio::test]
async fn every_operation_on_something_finds_nothing_where_nothing_is() {
    let world = world().await;
    for operation in Operation::all() {
        if operation.path.contains('{') && !operation.is_upsert() {
            let (client, path) = (caller(&world, &operation), nowhere(&operation));
            met(&operation, &play(&client, &operation, &path).await, 404);
        }
    }
}

#[tokio::test]
async fn every_operation_slows_down_whoever_asks_too_often() {
    let world = limited_world().await;
    for operation in Operation::all() {
        let (client, path) = (caller(&world, &operation), nowhere(&operation));
        let mut answer = play(&client, &operation, &path).await;
        // One a second is allowed, and more than one of these passes in a second.
        while answer.status != 429 {
            answer = play(&client, &operation, &path).await;
        }
        met(&operation, &answer, 429);
        assert!(answer.body["retry_after"].is_u64(), "{}", operation.id);
        assert!(answer.header("retry-after").is_some(), "{}", operation.id);
    }
}

async fn tokens(world: &World) -> Value {
    let login = json!({ "email": "tom@livret.example", "password": PASSWORD });
    let anonymous = world.anonymous();
    anonymous.post("/v1/auth/login", login).await.expect(200)
}

/// With a refresh token that is right, where the operation takes one.
async fn play_signed_in(world: &World, operation: &Operation, tokens: &Value) -> Answer {
    let mut body = operation.example().unwrap_or_default();
    if matches!(operation.id.as_str(), "log_out" | "refresh") {
        body["refresh_token"] = tokens["refresh_token"].clone();
    }
    let client = caller(world, operation);
    play_with(&client, operation, &nowhere(operation), body).await
}

#[tokio::test]
async fn every_operation_says_when_the_database_is_gone() {
    let world = world().await;
    let tokens = tokens(&world).await;
    world.state.db.clone().close().await.unwrap();
    for operation in of_the_database() {
        let answer = play_signed_in(&world, &operation, &tokens).await;
        met(&operation, &answer, 503);
        assert!(answer.header("retry-after").is_some(), "{}", operation.id);
    }
}

/// All but the catalogue of problems, which is part of the program.
fn of_the_database() -> impl Iterator<Item = Operation> {
    let all = Operation::all().into_iter();
    all.filter(|operation| operation.tag != "Errors")
}

#[tokio::test]
async fn every_operation_owns_up_to_a_fault_of_the_service_and_tells_nothing_of_it() {
    let world = world().await;
    let tokens = tokens(&world).await;
    Migrator::down(world.state.db.writer(), None).await.unwrap();
    for operation in of_the_database() {
        let answer = play_signed_in(&world, &operation, &tokens).await;
        met(&operation, &answer, 500);
        let told = answer.body.to_string().to_lowercase();
        assert!(!told.contains("table") && !told.contains("sql"), "{told}");
    }
}

#[tokio::test]
async fn every_operation_with_a_scope_is_closed_to_a_service_account_without_it() {
    let world = world().await;
    for operation in Operation::all() {
        let Some(scope) = operation.scope() else {
            continue;
        };
        let other = match scope {
            "directory:read" => "booklets:read",
            _ => "directory:read",
        };
        let client = service_account(&world, other).await;
        let path = nowhere(&operation);
        met(&operation, &play(&client, &operation, &path).await, 403);
    }
}

#[tokio::test]
async fn every_post_refuses_a_key_that_another_request_had() {
    let world = world().await;
    for operation in Operation::all() {
        if operation.method != Method::POST || operation.policy().is_none() {
            continue;
        }
        let (name, path) = (one_who_may(&operation), nowhere(&operation));
        let before = idempotency_key::ActiveModel {
            principal_id: Set(world.user_id(name)),
            path: Set(path.clone()),
            key: Set("before".to_owned()),
            request_sha256: Set("another".to_owned()),
            booklet_id: Set(None),
            status: Set(200),
            etag: Set(None),
            location: Set(None),
            body: Set(String::new()),
            created_at: Set(world.clock.now()),
        };
        before.insert(world.state.db.writer()).await.unwrap();
        let headers = [("idempotency-key", "before")];
        let answer = send(&world.as_(name), &operation, &path, "", &headers).await;
        met(&operation, &answer, 422);
        answer.refused(422, "idempotency_key_reused");
    }
}

async fn service_account(world: &World, scope: &str) -> Client {
    let body = json!({ "name": "CRM", "scopes": [scope] });
    let claire = world.as_("claire");
    let made = claire.post("/v1/service-accounts", body).await.expect(201);
    let text = |name: &str| made[name].as_str().unwrap().to_owned();
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        text("client_id"),
        text("secret")
    );
    let anonymous = world.anonymous();
    let token = anonymous.form("/oauth/token", &form, &[]).await.expect(200);
    anonymous.bearing(token["access_token"].as_str().unwrap())
}

#[tokio::test]
async fn every_page_of_a_closed_booklet_stays_as_it_is() {
    let world = world().await;
    for operation in Operation::all() {
        if operation.method == Method::GET || !is_page(&operation) {
            continue;
        }
        let (role, name) = author(&operation);
        let values = objects::object(&world, &operation, role, objects::Target::Own).await;
        let path = operation.fill(&values);
        let booklet = if operation.collection() == "booklets" {
            values[0].clone()
        } else {
            let page = format!("/v1/{}/{}", operation.collection(), values[0]);
            let page = world.as_(name).get(&page).await.expect(200);
            page["booklet_id"].as_str().unwrap().to_owned()
        };
        let close = format!("/v1/booklets/{booklet}/close");
        let outcome = json!({ "outcome": "full" });
        world.as_("claire").post(&close, outcome).await.expect(200);
        let body = objects::body(&world, &operation, name).or_else(|| operation.example());
        let headers = [ANY];
        let answer = world
            .as_(name)
            .send(operation.method.clone(), &path, body, &headers)
            .await;
        met(&operation, &answer, 409);
    }
}

/// Whether it is about something in a booklet, which changes no more once the booklet is closed.
/// Not the notes, which are their author's.
fn is_page(operation: &Operation) -> bool {
    let Some((resource, _)) = operation.policy() else {
        return false;
    };
    matches!(
        resource,
        Resource::Members
            | Resource::Contracts
            | Resource::Objectives
            | Resource::Plan
            | Resource::Stages
            | Resource::Appointments
            | Resource::ActionSheets
            | Resource::SheetItems
            | Resource::CompletedActions
            | Resource::FollowUps
            | Resource::PersonalContacts
    )
}

/// The tutor does most, the candidate or the coordinator the rest.
fn author(operation: &Operation) -> (Role, &'static str) {
    let (resource, action) = operation.policy().unwrap();
    [
        (Role::Tutor, "tom"),
        (Role::Candidate, "samira"),
        (Role::Coordinator, "claire"),
    ]
    .into_iter()
    .find(|(role, _)| policy::roles(resource, action).any(|one| one == *role))
    .unwrap()
}
