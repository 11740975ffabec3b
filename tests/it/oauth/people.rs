//! The sessions of people, for programs that speak OAuth 2.0 (RFC 6749, section 6).

use serde_json::Value;
use tests::{Answer, World};

use super::{account, basic, post, sign_in, text};
use crate::world;

async fn refresh(world: &World, token: &str, more: &str) -> Answer {
    let form = format!("grant_type=refresh_token&refresh_token={token}{more}");
    post(world, &form).await
}

#[tokio::test]
async fn a_refresh_token_renews_a_session_here_as_it_does_at_v1() {
    let world = world().await;
    let first = sign_in(&world, "tom").await;
    let first = text(&first, "refresh_token");
    let answer = refresh(&world, &first, "&client_id=livret").await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let second = answer.expect(200);
    assert_eq!(second["token_type"], "Bearer");
    assert_eq!(second["expires_in"], 900);
    assert_eq!(second.get("scope"), None);
    let tom = world.anonymous().bearing(&text(&second, "access_token"));
    assert_eq!(tom.get("/v1/me").await.expect(200)["role"], "tutor");

    // One rotation, whichever the address: the same grace, the same end of the family.
    let again = serde_json::json!({ "refresh_token": first });
    let tab = world.anonymous().post("/v1/auth/refresh", again).await;
    assert_eq!(tab.expect(200)["refresh_token"], second["refresh_token"]);
    world.clock.advance(chrono::TimeDelta::seconds(60));
    let problem = refresh(&world, &first, "")
        .await
        .refused(400, "invalid_grant");
    assert_eq!(problem["error"], "invalid_grant");
    tom.get("/v1/me").await.refused(401, "unauthenticated");
    let second = text(&second, "refresh_token");
    refresh(&world, &second, "")
        .await
        .refused(400, "invalid_grant");
}

#[tokio::test]
async fn a_refresh_token_is_the_public_client_s_alone_and_has_no_scope() {
    let world = world().await;
    let crm = account(&world).await;
    let token = text(&sign_in(&world, "tom").await, "refresh_token");
    let form = format!("grant_type=refresh_token&refresh_token={token}");
    let answer = basic(&world, &crm.client_id, &crm.secret, &form).await;
    answer.refused(400, "invalid_grant");
    let other = refresh(&world, &token, "&client_id=other").await;
    other.refused(401, "invalid_client");
    let scope = refresh(&world, &token, "&scope=users:read").await;
    scope.refused(400, "invalid_scope");
    let none = post(&world, "grant_type=refresh_token").await;
    none.refused(400, "invalid_request");
    let access = text(&sign_in(&world, "tom").await, "access_token");
    refresh(&world, &access, "")
        .await
        .refused(400, "invalid_grant");
    // None of these used it up.
    let renewed: Value = refresh(&world, &token, "&scope=").await.expect(200);
    assert_ne!(renewed["refresh_token"], token);
}
