//! What an integration may.

use super::*;

#[tokio::test]
async fn an_integration_may_what_its_scopes_say_and_nothing_else() {
    let world = world().await;
    let account = create(&world.as_("claire"), &["candidates:read"]).await;
    let token = token(&world, &account).await.expect(200);
    assert_eq!(token["scope"], "candidates:read");
    let list = read(&world, &token, "/v1/candidates").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 3);
    let body = json!({ "given_name": "A", "family_name": "B" });
    bearing(&world, &token)
        .post("/v1/candidates", body)
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
