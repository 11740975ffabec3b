//! What a token is worth now (RFC 7662).

use serde_json::{Value, json};
use tests::{Answer, World};

use super::{Account, account, account_of, basic_at, sign_in, text};
use crate::world;

const INTROSPECT: &str = "/oauth/introspect";

async fn look(world: &World, client: &Account, token: &str) -> Value {
    answer(world, client, token).await.expect(200)
}

async fn answer(world: &World, client: &Account, token: &str) -> Answer {
    let form = format!("token={token}&token_type_hint=refresh_token");
    basic_at(world, INTROSPECT, client.credentials(), &form).await
}

fn inactive() -> Value {
    json!({ "active": false })
}

#[tokio::test]
async fn a_service_account_learns_whose_a_token_is_and_what_it_may() {
    let world = world().await;
    let crm = account_of(&world, "claire", &["candidates:read", "users:read"]).await;
    let token = crm.token(&world, "users:read").await;
    let answer = answer(&world, &crm, &token).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let found = answer.expect(200);
    assert_eq!(found["active"], true);
    assert_eq!(found["scope"], "users:read");
    assert_eq!(found["client_id"], crm.client_id);
    assert_eq!(found["sub"], crm.id);
    assert_eq!(found["role"], "integration");
    assert_eq!(found["iss"], "http://livret.example");
    assert_eq!(found["aud"], "livret");
    assert_eq!(
        found["exp"].as_i64().unwrap() - found["iat"].as_i64().unwrap(),
        900
    );

    let tokens = sign_in(&world, "tom").await;
    let person = look(&world, &crm, &text(&tokens, "access_token")).await;
    assert_eq!(person["client_id"], "livret");
    assert_eq!(person["sub"], world.user_id("tom").to_string());
    assert_eq!(person["role"], "tutor");
    assert_eq!(person.get("scope"), None);
    let refresh = look(&world, &crm, &text(&tokens, "refresh_token")).await;
    assert_eq!(refresh["sub"], person["sub"]);
    assert_eq!(refresh["sid"], person["sid"]);
    assert_eq!(refresh.get("token_type"), None);
    // Looking used nothing up.
    let renew = json!({ "refresh_token": tokens["refresh_token"] });
    let renewed = world.anonymous().post("/v1/auth/refresh", renew).await;
    renewed.expect(200);
    let used = look(&world, &crm, &text(&tokens, "refresh_token")).await;
    assert_eq!(used, inactive());
}

#[tokio::test]
async fn it_learns_what_is_true_today_and_not_what_the_token_says() {
    let world = world().await;
    let crm = account(&world).await;
    let claire = world.as_("claire");
    let tokens = sign_in(&world, "tina").await;
    let tina = format!("/v1/users/{}", world.user_id("tina"));
    let disabled = json!({ "state": "disabled" });
    claire.patch(&tina, disabled).await.expect(200);
    for name in ["access_token", "refresh_token"] {
        assert_eq!(look(&world, &crm, &text(&tokens, name)).await, inactive());
    }
    let other = account(&world).await;
    let token = other.token(&world, "").await;
    let path = format!("/v1/service-accounts/{}", other.id);
    let less = json!({ "scopes": ["candidates:read"] });
    claire.patch(&path, less).await.expect(200);
    assert_eq!(look(&world, &crm, &token).await["scope"], "candidates:read");
    claire.delete(&path).await.expect(204);
    assert_eq!(look(&world, &crm, &token).await, inactive());

    let own = crm.token(&world, "").await;
    world.clock.advance(chrono::TimeDelta::minutes(16));
    for token in [own.as_str(), "", "x", "a.b.c"] {
        assert_eq!(look(&world, &crm, token).await, inactive());
    }
}

#[tokio::test]
async fn tokens_of_another_organization_are_nothing() {
    let world = world().await;
    let crm = account(&world).await;
    let elsewhere = account_of(&world, "rose", &["candidates:read"]).await;
    let token = elsewhere.token(&world, "").await;
    assert_eq!(look(&world, &crm, &token).await, inactive());
    for name in ["rose", "ada"] {
        let tokens = sign_in(&world, name).await;
        for kind in ["access_token", "refresh_token"] {
            let found = look(&world, &crm, &text(&tokens, kind)).await;
            assert_eq!(found, inactive(), "{name} {kind}");
        }
    }
    assert_eq!(look(&world, &elsewhere, &token).await["active"], true);
}

#[tokio::test]
async fn only_a_service_account_may_look() {
    let world = world().await;
    let crm = account(&world).await;
    let token = crm.token(&world, "").await;
    let anonymous = world.anonymous();
    for form in [
        format!("token={token}"),
        format!("token={token}&client_id=livret"),
        format!("token={token}&client_id={}", crm.client_id),
        format!("token={token}&client_id={}&client_secret=no", crm.client_id),
    ] {
        let answer = anonymous.form(INTROSPECT, &form, &[]).await;
        answer.refused(401, "invalid_client");
    }
    let form = format!("token={token}");
    let bearing = anonymous.bearing(&token);
    let answer = bearing.form(INTROSPECT, &form, &[]).await;
    answer.refused(401, "invalid_client");
}
