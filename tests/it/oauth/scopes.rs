//! Tokens for less than what the account may (RFC 6749, section 3.3).

use serde_json::json;

use super::{GRANT, account_of, basic};
use crate::world;

#[tokio::test]
async fn a_token_for_less_may_less_whatever_the_account_may() {
    let world = world().await;
    let crm = account_of(&world, "claire", &["candidates:read", "users:read"]).await;
    let form = format!("{GRANT}&scope=users:read");
    let answer = basic(&world, &crm.client_id, &crm.secret, &form).await;
    let narrow = answer.expect(200);
    assert_eq!(narrow["scope"], "users:read");
    let narrow = world
        .anonymous()
        .bearing(&super::text(&narrow, "access_token"));
    narrow.get("/v1/users").await.expect(200);
    narrow.get("/v1/candidates").await.refused(403, "forbidden");

    // Nor does it grow with the account, nor outlive what the account loses.
    let path = format!("/v1/service-accounts/{}", crm.id);
    let claire = world.as_("claire");
    let more = json!({ "scopes": ["candidates:read", "users:read", "booklets:read"] });
    claire.patch(&path, more).await.expect(200);
    narrow.get("/v1/booklets").await.refused(403, "forbidden");
    let other = json!({ "scopes": ["booklets:read"] });
    claire.patch(&path, other).await.expect(200);
    narrow.get("/v1/users").await.refused(403, "forbidden");
}

#[tokio::test]
async fn a_scope_that_the_account_does_not_have_is_refused() {
    let world = world().await;
    let crm = account_of(&world, "claire", &["candidates:read"]).await;
    for scope in [
        "users:read",
        "candidates:read users:read",
        "candidates:delete",
        "Candidates:read",
        "é",
    ] {
        let form = format!("{GRANT}&scope={scope}");
        let answer = basic(&world, &crm.client_id, &crm.secret, &form).await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let problem = answer.refused(400, "invalid_scope");
        assert_eq!(problem["error"], "invalid_scope");
        let description = problem["error_description"].as_str().unwrap();
        assert!(description.is_ascii() && !description.contains(['"', '\\']));
    }
    let twice = format!("{GRANT}&scope=%20candidates:read+candidates:read");
    let answer = basic(&world, &crm.client_id, &crm.secret, &twice).await;
    assert_eq!(answer.expect(200)["scope"], "candidates:read");
}
