//! OAuth 2.0: the token endpoint (RFC 6749), and what goes with it.

mod introspection;
mod metadata;
mod people;
mod revocation;
mod scopes;

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Client, World};

use super::auth::sign_in;
use crate::world;

const TOKEN: &str = "/oauth/token";
const GRANT: &str = "grant_type=client_credentials";

pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) client_id: String,
    pub(crate) secret: String,
}

async fn account(world: &World) -> Account {
    account_of(world, "claire", &["candidates:read", "events:read"]).await
}

/// One that this coordinator makes.
pub(crate) async fn account_of(world: &World, coordinator: &str, scopes: &[&str]) -> Account {
    let body = json!({ "name": "CRM", "scopes": scopes });
    let account = world
        .as_(coordinator)
        .post("/v1/service-accounts", body)
        .await
        .expect(201);
    let text = |name: &str| account[name].as_str().unwrap().to_owned();
    Account {
        id: text("id"),
        client_id: text("client_id"),
        secret: text("secret"),
    }
}

async fn basic(world: &World, client_id: &str, secret: &str, form: &str) -> Answer {
    basic_at(world, TOKEN, (client_id, secret), form).await
}

/// What an address of `/oauth` answers to a client that proves itself by HTTP Basic.
async fn basic_at(
    world: &World,
    path: &str,
    (client_id, secret): (&str, &str),
    form: &str,
) -> Answer {
    // What `Authorization: Basic` says, by way of the library that our own client uses.
    let request = reqwest::Client::new()
        .get(world.url())
        .basic_auth(client_id, Some(secret))
        .build()
        .unwrap();
    let header = request.headers()["authorization"].to_str().unwrap();
    let headers = [("authorization", header)];
    world.anonymous().form(path, form, &headers).await
}

impl Account {
    fn credentials(&self) -> (&str, &str) {
        (&self.client_id, &self.secret)
    }

    /// A fresh access token, of these scopes.
    pub(crate) async fn token(&self, world: &World, scope: &str) -> String {
        let form = format!("{GRANT}&scope={scope}");
        let answer = basic_at(world, TOKEN, self.credentials(), &form).await;
        text(&answer.expect(200), "access_token")
    }

    /// Acts as this account, with all its scopes.
    pub(crate) async fn client(&self, world: &World) -> Client {
        world.anonymous().bearing(&self.token(world, "").await)
    }
}

fn text(answer: &Value, name: &str) -> String {
    answer[name].as_str().unwrap().to_owned()
}

async fn post(world: &World, form: &str) -> Answer {
    world.anonymous().form(TOKEN, form, &[]).await
}

#[tokio::test]
async fn a_client_gets_a_token_by_basic_or_by_form() {
    let world = world().await;
    let crm = account(&world).await;
    let form = format!(
        "{GRANT}&client_id={}&client_secret={}",
        crm.client_id, crm.secret
    );
    // Some libraries encode every byte.
    let encoded: String = crm.secret.bytes().map(|b| format!("%{b:02X}")).collect();
    let answers = [
        post(&world, &form).await,
        post(&world, &format!("{form}&scope=&unknown=ignored")).await,
        basic(&world, &crm.client_id, &crm.secret, GRANT).await,
        basic(&world, &crm.client_id, &encoded, GRANT).await,
        basic(
            &world,
            &crm.client_id,
            &crm.secret,
            &format!("{GRANT}&client_id={}", crm.client_id),
        )
        .await,
    ];
    for answer in answers {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let token = answer.expect(200);
        assert_eq!(token["token_type"], "Bearer");
        assert_eq!(token["expires_in"], 900);
        assert_eq!(token["scope"], "candidates:read events:read");
        assert_eq!(token.get("refresh_token"), None);
        let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
        let headers = [("authorization", bearer.as_str())];
        world
            .anonymous()
            .send(Method::GET, "/v1/candidates", None, &headers)
            .await
            .expect(200);
    }
    let path = format!("/v1/service-accounts/{}", crm.id);
    let used = world.as_("claire").get(&path).await.expect(200);
    assert_ne!(used["last_used_at"], Value::Null);
    assert_eq!(used["version"], 1);
}

#[tokio::test]
async fn an_unknown_client_and_a_wrong_secret_are_refused_alike() {
    let world = world().await;
    let crm = account(&world).await;
    let form = |id: &str, secret: &str| format!("{GRANT}&client_id={id}&client_secret={secret}");
    let answers = [
        post(&world, &form("nobody", &crm.secret)).await,
        post(&world, &form(&crm.client_id, "wrong")).await,
        post(&world, &form(&crm.client_id, "")).await,
        post(&world, GRANT).await,
        post(&world, &format!("{GRANT}&client_id={}", crm.client_id)).await,
        basic(&world, &crm.client_id, "wrong", GRANT).await,
        basic(&world, "nobody", &crm.secret, GRANT).await,
        basic(&world, "%00", &crm.secret, GRANT).await,
        basic(
            &world,
            &crm.client_id,
            &crm.secret,
            &format!("{GRANT}&client_id=other"),
        )
        .await,
    ];
    let mut problems = Vec::new();
    for answer in answers {
        assert_eq!(
            answer.header("www-authenticate"),
            Some("Basic realm=\"livret\"")
        );
        let mut problem = answer.refused(401, "invalid_client");
        problem.as_object_mut().unwrap().remove("request_id");
        assert_eq!(problem["error"], "invalid_client");
        problems.push(problem);
    }
    assert!(problems.iter().all(|problem| *problem == problems[0]));
    let headers = [("authorization", "Basic ???")];
    world
        .anonymous()
        .form(TOKEN, GRANT, &headers)
        .await
        .refused(401, "invalid_client");
}

#[tokio::test]
async fn a_malformed_request_for_a_token_is_told_so() {
    let world = world().await;
    let crm = account(&world).await;
    let credentials = format!("client_id={}&client_secret={}", crm.client_id, crm.secret);
    let malformed = [
        post(&world, &credentials).await,
        post(&world, &format!("{GRANT}&{GRANT}&{credentials}")).await,
        post(&world, &format!("{GRANT}&client_id=%00&client_secret=x")).await,
        basic(
            &world,
            &crm.client_id,
            &crm.secret,
            &format!("{GRANT}&{credentials}"),
        )
        .await,
    ];
    for answer in malformed {
        let problem = answer.refused(400, "invalid_request");
        assert_eq!(problem["error"], "invalid_request");
    }
    let password = format!("grant_type=password&{credentials}");
    let problem = post(&world, &password)
        .await
        .refused(400, "unsupported_grant_type");
    assert_eq!(problem["error"], "unsupported_grant_type");
    world
        .anonymous()
        .post(TOKEN, json!({ "grant_type": "client_credentials" }))
        .await
        .refused(415, "unsupported_media_type");
}

#[tokio::test]
async fn a_token_of_a_service_account_expires() {
    let world = world().await;
    let crm = account(&world).await;
    let token = basic(&world, &crm.client_id, &crm.secret, GRANT)
        .await
        .expect(200);
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    world.clock.advance(chrono::TimeDelta::minutes(16));
    world
        .anonymous()
        .send(Method::GET, "/v1/candidates", None, &headers)
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_header_of_another_scheme_is_no_clients() {
    let world = world().await;
    let crm = account(&world).await;
    let form = format!(
        "{GRANT}&client_id={}&client_secret={}",
        crm.client_id, crm.secret
    );
    let bearer = [("authorization", "Bearer of.some.token")];
    let anonymous = world.anonymous();
    anonymous.form(TOKEN, &form, &bearer).await.expect(200);
    let refused = anonymous.form(TOKEN, GRANT, &bearer).await;
    refused.refused(401, "invalid_client");
}
