//! The identities of other systems.

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

/// Calls with this access token.
async fn with(world: &World, token: &Value, method: Method, path: &str, body: Value) -> Answer {
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str()), ("if-match", "*")];
    let body = (!body.is_null()).then_some(body);
    world.anonymous().send(method, path, body, &headers).await
}

async fn read(world: &World, token: &Value, path: &str) -> Answer {
    with(world, token, Method::GET, path, Value::Null).await
}

async fn create(client: &Client, scopes: &[&str]) -> Value {
    client.post(ACCOUNTS, crm(scopes)).await.expect(201)
}

#[tokio::test]
async fn a_service_account_shows_its_secret_once_and_works_for_a_year() {
    let world = world().await;
    let claire = world.as_("claire");
    let created = claire
        .post(ACCOUNTS, crm(&["candidates:write", "candidates:read"]))
        .await;
    let path = created.header("location").unwrap().to_owned();
    let mut created = created.expect(201);
    assert_eq!(path, path_of(&created));
    let secret = created.as_object_mut().unwrap().remove("secret").unwrap();
    assert!(secret.as_str().unwrap().len() >= 40);
    let end: DateTime<Utc> = created["expires_at"].as_str().unwrap().parse().unwrap();
    let start: DateTime<Utc> = created["created_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(end, start + Months::new(12));
    assert_eq!(claire.get(&path).await.expect(200), created);
    let list = claire.get(ACCOUNTS).await.expect(200);
    assert_eq!(list["items"][0], created);
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_integration_may_what_its_scopes_say_and_nothing_else() {
    let world = world().await;
    let account = create(&world.as_("claire"), &["candidates:read"]).await;
    let token = token(&world, &account).await.expect(200);
    assert_eq!(token["scope"], "candidates:read");
    let list = read(&world, &token, "/v1/candidates").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
    let body = json!({ "given_name": "A", "family_name": "B" });
    with(&world, &token, Method::POST, "/v1/candidates", body)
        .await
        .refused(403, "forbidden");
    read(&world, &token, "/v1/users")
        .await
        .refused(403, "forbidden");
    read(&world, &token, ACCOUNTS)
        .await
        .refused(403, "forbidden");
    let other = format!("/v1/candidates/{}", world.candidate_id("rita"));
    read(&world, &token, &other).await.refused(404, "not_found");
}

#[tokio::test]
async fn changed_scopes_hold_from_the_next_request_on() {
    let world = world().await;
    let claire = world.as_("claire");
    let account = create(&claire, &["candidates:read", "users:read"]).await;
    let path = path_of(&account);
    let token = token(&world, &account).await.expect(200);
    read(&world, &token, "/v1/users").await.expect(200);
    let change = json!({ "name": "CRM régional", "scopes": ["candidates:read"] });
    let changed = claire.patch(&path, change).await.expect(200);
    assert_eq!(changed["name"], "CRM régional");
    assert_eq!(changed["scopes"], json!(["candidates:read"]));
    read(&world, &token, "/v1/users")
        .await
        .refused(403, "forbidden");
    read(&world, &token, "/v1/candidates").await.expect(200);
    let faults = claire
        .patch(&path, json!({ "scopes": [], "client_id": "x" }))
        .await
        .faults();
    assert_eq!(faults.len(), 2);
}

#[tokio::test]
async fn a_revoked_account_is_refused_at_the_next_request() {
    let world = world().await;
    let claire = world.as_("claire");
    let account = create(&claire, &["candidates:read"]).await;
    let path = path_of(&account);
    let access = token(&world, &account).await.expect(200);
    read(&world, &access, "/v1/candidates").await.expect(200);
    claire.delete(&path).await.expect(204);
    read(&world, &access, "/v1/candidates")
        .await
        .refused(401, "unauthenticated");
    token(&world, &account).await.refused(401, "invalid_client");

    let revoked = claire.get(&path).await.expect(200);
    assert_ne!(revoked["revoked_at"], Value::Null);
    claire.delete(&path).await.expect(204);
    let change = json!({ "name": "Autre" });
    claire
        .patch(&path, change)
        .await
        .refused(409, "invalid_transition");
    claire
        .act(&format!("{path}/rotate"))
        .await
        .refused(409, "invalid_transition");
}

#[tokio::test]
async fn an_account_stops_working_when_it_expires() {
    let world = world().await;
    let claire = world.as_("claire");
    let mut body = crm(&["candidates:read"]);
    body["expires_at"] = json!(world.clock.now() + chrono::TimeDelta::minutes(10));
    let account = claire.post(ACCOUNTS, body).await.expect(201);
    let access = token(&world, &account).await.expect(200);
    read(&world, &access, "/v1/candidates").await.expect(200);
    world.clock.advance(chrono::TimeDelta::minutes(11));
    read(&world, &access, "/v1/candidates")
        .await
        .refused(401, "unauthenticated");
    token(&world, &account).await.refused(401, "invalid_client");
}

#[tokio::test]
async fn a_rotated_secret_works_beside_the_former_one_for_a_day() {
    let world = world().await;
    let claire = world.as_("claire");
    let former = create(&claire, &["candidates:read"]).await;
    let rotate = format!("{}/rotate", path_of(&former));
    let stale = [("if-match", "\"9\"")];
    let answer = claire.send(Method::POST, &rotate, None, &stale).await;
    answer.refused(412, "stale");
    let rotated = claire.act(&rotate).await.expect(200);
    assert_eq!(rotated["client_id"], former["client_id"]);
    assert_ne!(rotated["secret"], former["secret"]);
    assert_eq!(rotated["version"], 2);
    assert_eq!(rotated["secrets"][0]["is_former"], false);
    assert_eq!(rotated["secrets"][0]["expires_at"], rotated["expires_at"]);
    assert_eq!(rotated["secrets"][1]["is_former"], true);
    let end = rotated["secrets"][1]["expires_at"].as_str().unwrap();
    let day = world.clock.now() + chrono::TimeDelta::hours(24);
    assert!(end.parse::<DateTime<Utc>>().unwrap() <= day);
    let seen = claire.get(&path_of(&former)).await.expect(200);
    assert_eq!(seen["secrets"], rotated["secrets"]);
    assert_eq!(seen.get("secret"), None);

    let by_former = token(&world, &former).await.expect(200);
    assert_eq!(by_former["secret_expires_at"], end);
    assert_eq!(by_former["secret_expires_soon"], true);
    let by_new = token(&world, &rotated).await.expect(200);
    assert_eq!(by_new["secret_expires_at"], rotated["expires_at"]);
    assert_eq!(by_new["secret_expires_soon"], false);
    world.clock.advance(chrono::TimeDelta::hours(24));
    token(&world, &former).await.refused(401, "invalid_client");
    token(&world, &rotated).await.expect(200);
}

#[tokio::test]
async fn the_former_secret_works_for_as_long_as_was_chosen() {
    let world = world().await;
    let claire = world.as_("claire");
    let first = create(&claire, &["candidates:read"]).await;
    let rotate = format!("{}/rotate", path_of(&first));
    let body = json!({ "overlap_hours": 1 });
    let second = claire.post(&rotate, body).await.expect(200);
    token(&world, &first).await.expect(200);
    // Two secrets at most: the one before the former is worth nothing.
    let third = claire.act(&rotate).await.expect(200);
    token(&world, &first).await.refused(401, "invalid_client");
    token(&world, &second).await.expect(200);
    let at_once = json!({ "overlap_hours": 0 });
    let fourth = claire.post(&rotate, at_once).await.expect(200);
    assert_eq!(fourth["secrets"].as_array().unwrap().len(), 1);
    for before in [&first, &second, &third] {
        token(&world, before).await.refused(401, "invalid_client");
    }
    token(&world, &fourth).await.expect(200);
    for body in [
        json!({ "overlap_hours": 169 }),
        json!({ "overlap_hours": -1 }),
        json!({ "expires_at": world.clock.now() }),
        json!({ "secret": "mine" }),
    ] {
        let faults = claire.post(&rotate, body).await.faults();
        assert_eq!(faults.len(), 1);
    }
}

#[tokio::test]
async fn an_account_says_that_its_secret_expires_soon_and_a_rotation_may_prolong_it() {
    let world = world().await;
    let claire = world.as_("claire");
    let account = create(&claire, &["candidates:read"]).await;
    assert_eq!(account["secret_expires_soon"], false);
    world.advance_days(365 - 32);
    let path = path_of(&account);
    let soon = async || claire.get(&path).await.expect(200)["secret_expires_soon"].clone();
    assert_eq!(soon().await, false);
    world.advance_days(3);
    assert_eq!(soon().await, true);
    let list = claire.get(ACCOUNTS).await.expect(200);
    assert_eq!(list["items"][0]["secret_expires_soon"], true);
    let answer = token(&world, &account).await.expect(200);
    assert_eq!(answer["secret_expires_soon"], true);

    let end = json!(world.clock.now() + Months::new(12));
    let body = json!({ "expires_at": end });
    let rotated = claire.post(&format!("{path}/rotate"), body).await;
    let rotated = rotated.expect(200);
    assert_eq!(rotated["secret_expires_soon"], false);
    assert_eq!(rotated["expires_at"], end);
    let answer = token(&world, &rotated).await.expect(200);
    assert_eq!(answer["secret_expires_soon"], false);
}

#[tokio::test]
async fn what_a_service_account_is_given_is_checked() {
    let world = world().await;
    let claire = world.as_("claire");
    let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    let faults = async |body: Value| {
        let mut faults = claire.post(ACCOUNTS, body).await.faults();
        faults.sort();
        faults
    };
    assert_eq!(
        faults(json!({ "scopes": ["notes:read"], "secret": "x" })).await,
        [
            fault("/name", "required"),
            fault("/scopes/0", "enum"),
            fault("/secret", "unknown_field"),
        ]
    );
    assert_eq!(faults(crm(&[])).await, [fault("/scopes", "min_items")]);
    let twice = crm(&["users:read", "users:read"]);
    assert_eq!(faults(twice).await, [fault("/scopes", "unique_items")]);
    let until = |end: DateTime<Utc>| {
        let mut body = crm(&["events:read"]);
        body["expires_at"] = json!(end);
        body
    };
    let now = world.clock.now();
    let past = faults(until(now)).await;
    assert_eq!(past, [fault("/expires_at", "minimum")]);
    let far = faults(until(now + Months::new(25))).await;
    assert_eq!(far, [fault("/expires_at", "maximum")]);
    let answer = claire.post(ACCOUNTS, until(now + Months::new(24))).await;
    answer.expect(201);
}

#[tokio::test]
async fn coordinators_keep_their_accounts_and_the_admin_reads_them_all() {
    let world = world().await;
    let account = create(&world.as_("claire"), &["users:read"]).await;
    let path = path_of(&account);
    let rose = world.as_("rose");
    rose.get(&path).await.refused(404, "not_found");
    rose.delete(&path).await.refused(404, "not_found");
    rose.act(&format!("{path}/rotate"))
        .await
        .refused(404, "not_found");
    let list = rose.get(ACCOUNTS).await.expect(200);
    assert_eq!(list["items"], json!([]));

    let ada = world.as_("ada");
    let seen = ada.get(&path).await.expect(200);
    assert_eq!(seen["secret"], Value::Null);
    ada.get(ACCOUNTS).await.expect(200);
    ada.delete(&path).await.refused(403, "forbidden");
    for name in ["tom", "samira", "paul", "vera", "crm"] {
        let person = world.as_(name);
        person.get(ACCOUNTS).await.refused(403, "forbidden");
        person.get(&path).await.refused(403, "forbidden");
    }
    for name in ["ada", "tom", "crm"] {
        let person = world.as_(name);
        person
            .post(ACCOUNTS, crm(&["users:read"]))
            .await
            .refused(403, "forbidden");
    }
}
