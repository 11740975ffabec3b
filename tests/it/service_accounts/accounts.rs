//! Made, checked, revoked, expired; whose they are.

use super::*;

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
