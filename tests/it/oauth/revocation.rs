//! Tokens given up before they expire (RFC 7009).

use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{Answer, World};

use super::{Account, account, account_of, basic_at, sign_in, text};
use crate::world;

const REVOKE: &str = "/oauth/revoke";

async fn by_nobody(world: &World, form: &str) -> Answer {
    world.anonymous().form(REVOKE, form, &[]).await
}

async fn by(world: &World, client: &Account, token: &str) -> Answer {
    let form = format!("token={token}&token_type_hint=access_token");
    basic_at(world, REVOKE, client.credentials(), &form).await
}

#[tokio::test]
async fn a_person_s_tokens_end_their_session() {
    let world = world().await;
    for (name, more) in [
        ("refresh_token", ""),
        (
            "refresh_token",
            "&token_type_hint=access_token&client_id=livret",
        ),
        ("access_token", "&client_id=livret"),
        ("access_token", "&token_type_hint=unheard_of"),
    ] {
        let tokens = sign_in(&world, "tom").await;
        let other = sign_in(&world, "tom").await;
        let form = format!("token={}{more}", text(&tokens, name));
        for _ in 0..2 {
            let answer = by_nobody(&world, &form).await;
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.expect(200), Value::Null);
        }
        let me = |tokens: &Value| world.anonymous().bearing(&text(tokens, "access_token"));
        me(&tokens)
            .get("/v1/me")
            .await
            .refused(401, "unauthenticated");
        let again = json!({ "refresh_token": tokens["refresh_token"] });
        let again = world.anonymous().post("/v1/auth/refresh", again).await;
        again.refused(401, "invalid_refresh_token");
        me(&other).get("/v1/me").await.expect(200);
    }
}

#[tokio::test]
async fn a_service_account_revokes_one_of_its_tokens_and_keeps_the_others() {
    let world = world().await;
    let crm = account(&world).await;
    let (one, other) = (crm.token(&world, "").await, crm.token(&world, "").await);
    let read = async |token: &str| {
        let client = world.anonymous().bearing(token);
        client.get("/v1/candidates").await
    };
    read(&one).await.expect(200);
    for _ in 0..2 {
        by(&world, &crm, &one).await.expect(200);
    }
    read(&one).await.refused(401, "unauthenticated");
    read(&other).await.expect(200);
    // By the form, too.
    let (id, secret) = crm.credentials();
    let form = format!("token={other}&client_id={id}&client_secret={secret}");
    by_nobody(&world, &form).await.expect(200);
    read(&other).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn nobody_revokes_the_token_of_another_client() {
    let world = world().await;
    let (crm, other) = (account(&world).await, account(&world).await);
    let elsewhere = account_of(&world, "rose", &["candidates:read"]).await;
    let token = crm.token(&world, "").await;
    for client in [&other, &elsewhere] {
        let problem = by(&world, client, &token)
            .await
            .refused(400, "invalid_grant");
        assert_eq!(problem["error"], "invalid_grant");
    }
    let form = format!("token={token}");
    by_nobody(&world, &form)
        .await
        .refused(401, "invalid_client");
    let people = sign_in(&world, "tom").await;
    for name in ["access_token", "refresh_token"] {
        let answer = by(&world, &crm, &text(&people, name)).await;
        answer.refused(400, "invalid_grant");
    }
    let (id, _) = crm.credentials();
    let answer = basic_at(&world, REVOKE, (id, "wrong"), &form).await;
    answer.refused(401, "invalid_client");
    let client = world.anonymous().bearing(&token);
    client.get("/v1/candidates").await.expect(200);
    let tom = world.anonymous().bearing(&text(&people, "access_token"));
    tom.get("/v1/me").await.expect(200);
}

#[tokio::test]
async fn what_is_no_token_needs_no_revocation() {
    let world = world().await;
    let crm = account(&world).await;
    let expired = crm.token(&world, "").await;
    world.clock.advance(chrono::TimeDelta::minutes(16));
    for token in [expired.as_str(), "x", "", "a.b.c", &"QUJD".repeat(20)] {
        by(&world, &crm, token).await.expect(200);
        by_nobody(&world, &format!("token={token}"))
            .await
            .expect(200);
    }
    by_nobody(&world, "token_type_hint=access_token")
        .await
        .refused(400, "invalid_request");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "they are shown to nobody")]
async fn a_revoked_token_is_remembered_as_long_as_it_lives() {
    let world = world().await;
    let crm = account(&world).await;
    let token = crm.token(&world, "").await;
    by(&world, &crm, &token).await.expect(200);
    let count = async || {
        api::program::server::forget_expired(&world.state)
            .await
            .unwrap();
        let revoked = entity::revoked_token::Entity::find();
        revoked.count(world.state.db.reader()).await.unwrap()
    };
    world.clock.advance(chrono::TimeDelta::minutes(15));
    assert_eq!(count().await, 1);
    world.clock.advance(chrono::TimeDelta::minutes(2));
    assert_eq!(count().await, 0);
}
