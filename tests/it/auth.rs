//! Signing in and out, sessions and oneself.

use chrono::TimeDelta;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{Answer, PASSWORD, World};

use crate::world;

/// What an address and a password are answered.
pub(crate) async fn log_in(world: &World, email: &str, password: &str) -> Answer {
    let body = json!({ "email": email, "password": password });
    world.anonymous().post("/v1/auth/login", body).await
}

/// The tokens of somebody who signs in.
pub(crate) async fn sign_in(world: &World, name: &str) -> Value {
    let email = format!("{name}@livret.example");
    log_in(world, &email, PASSWORD).await.expect(200)
}

async fn refresh(world: &World, tokens: &Value) -> Answer {
    let body = json!({ "refresh_token": tokens["refresh_token"] });
    world.anonymous().post("/v1/auth/refresh", body).await
}

async fn me(world: &World, tokens: &Value) -> Answer {
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let headers = [("authorization", bearer.as_str())];
    world
        .anonymous()
        .send(reqwest::Method::GET, "/v1/me", None, &headers)
        .await
}

#[tokio::test]
async fn a_person_signs_in_and_is_told_who_they_are() {
    let world = world().await;
    let tokens = sign_in(&world, "tom").await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 900);
    let oneself = me(&world, &tokens).await.expect(200);
    assert_eq!(oneself["id"], world.user_id("tom").to_string());
    assert_eq!(oneself["role"], "tutor");
    assert_eq!(
        oneself["organization_id"],
        world.organization_id("horizon").to_string()
    );
    assert_ne!(oneself["last_login_at"], Value::Null);
    assert_eq!(oneself["previous_login_at"], Value::Null);
    let again = sign_in(&world, "tom").await;
    let later = me(&world, &again).await.expect(200);
    assert_eq!(later["previous_login_at"], oneself["last_login_at"]);
}

#[tokio::test]
async fn the_address_may_be_typed_in_any_case() {
    let world = world().await;
    let body = json!({ "email": "Tom@Livret.EXAMPLE", "password": PASSWORD });
    let answer = world.anonymous().post("/v1/auth/login", body).await;
    answer.expect(200);
}

#[tokio::test]
async fn unknown_address_wrong_password_and_inactive_account_are_refused_alike() {
    let world = world().await;
    let tina = format!("/v1/users/{}", world.user_id("tina"));
    let disabled = json!({ "state": "disabled" });
    world.as_("claire").patch(&tina, disabled).await.expect(200);
    let mut problems = Vec::new();
    for (email, password) in [
        ("nobody@livret.example", PASSWORD),
        ("tom@livret.example", "quatre chevaux verts"),
        ("tina@livret.example", PASSWORD),
    ] {
        let body = json!({ "email": email, "password": password });
        let answer = world.anonymous().post("/v1/auth/login", body).await;
        let mut problem = answer.refused(401, "invalid_credentials");
        problem.as_object_mut().unwrap().remove("request_id");
        problems.push(problem);
    }
    assert!(problems.iter().all(|problem| *problem == problems[0]));
}

#[tokio::test]
async fn an_access_token_expires_and_its_session_is_renewed() {
    let world = world().await;
    let tokens = sign_in(&world, "tom").await;
    world.clock.advance(TimeDelta::minutes(14));
    me(&world, &tokens).await.expect(200);
    world.clock.advance(TimeDelta::minutes(2));
    me(&world, &tokens).await.refused(401, "unauthenticated");
    let renewed = refresh(&world, &tokens).await.expect(200);
    assert_ne!(renewed["refresh_token"], tokens["refresh_token"]);
    me(&world, &renewed).await.expect(200);
}

#[tokio::test]
async fn two_tabs_that_refresh_at_once_get_the_same_successor() {
    let world = world().await;
    let tokens = sign_in(&world, "tom").await;
    let first = refresh(&world, &tokens).await.expect(200);
    world.clock.advance(TimeDelta::seconds(5));
    let second = refresh(&world, &tokens).await.expect(200);
    assert_eq!(first["refresh_token"], second["refresh_token"]);
}

#[tokio::test]
async fn a_refresh_token_used_again_ends_the_session() {
    let world = world().await;
    let tokens = sign_in(&world, "tom").await;
    let renewed = refresh(&world, &tokens).await.expect(200);
    world.clock.advance(TimeDelta::seconds(60));
    refresh(&world, &tokens)
        .await
        .refused(401, "invalid_refresh_token");
    refresh(&world, &renewed)
        .await
        .refused(401, "invalid_refresh_token");
    me(&world, &renewed).await.refused(401, "unauthenticated");
    // The person's other sessions go on.
    let other = sign_in(&world, "tom").await;
    me(&world, &other).await.expect(200);
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_whatever_happens() {
    let world = world().await;
    let mut tokens = sign_in(&world, "tom").await;
    for _ in 0..2 {
        world.advance_days(14);
        tokens = refresh(&world, &tokens).await.expect(200);
    }
    world.advance_days(3);
    refresh(&world, &tokens)
        .await
        .refused(401, "invalid_refresh_token");
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let world = world().await;
    let tokens = sign_in(&world, "tom").await;
    let body = || json!({ "refresh_token": tokens["refresh_token"] });
    let nobody = world.anonymous();
    nobody.post("/v1/auth/logout", body()).await.expect(204);
    me(&world, &tokens).await.refused(401, "unauthenticated");
    refresh(&world, &tokens)
        .await
        .refused(401, "invalid_refresh_token");
    nobody.post("/v1/auth/logout", body()).await.expect(204);
}

#[tokio::test]
async fn signing_out_takes_the_access_token_for_want_of_another() {
    let world = world().await;
    let tokens = sign_in(&world, "tom").await;
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    let out = || async {
        let headers = [("authorization", &*bearer)];
        let nobody = world.anonymous();
        nobody
            .send(reqwest::Method::POST, "/v1/auth/logout", None, &headers)
            .await
    };
    out().await.expect(204);
    out().await.refused(401, "unauthenticated");
    world
        .anonymous()
        .act("/v1/auth/logout")
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn what_is_no_token_of_ours_is_refused() {
    let world = world().await;
    let tokens = sign_in(&world, "tom").await;
    let access = tokens["access_token"].as_str().unwrap();
    let (payload, signature) = access.rsplit_once('.').unwrap();
    let flipped: String = signature.chars().rev().collect();
    let forged = [
        json!("x"),
        tokens["refresh_token"].clone(),
        json!(format!("{payload}.{flipped}")),
        json!(format!("{payload}.")),
    ];
    for token in forged {
        let answer = me(&world, &json!({ "access_token": token })).await;
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        answer.refused(401, "unauthenticated");
    }
    refresh(&world, &json!({ "refresh_token": access }))
        .await
        .refused(401, "invalid_refresh_token");
}

#[tokio::test]
async fn everybody_changes_their_own_telephone_and_language() {
    let world = world().await;
    for name in ["samira", "tom", "claire", "paul", "vera", "ada"] {
        let person = world.as_(name);
        let change = json!({ "phone": "+33612345678", "locale": "en" });
        let changed = person.patch("/v1/me", change).await.expect(200);
        assert_eq!(changed["phone"], "+33612345678");
        assert_eq!(changed["locale"], "en");
        let more = json!({ "role": "admin", "phone": "06123" });
        let mut faults = person.patch("/v1/me", more).await.faults();
        faults.sort();
        let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
        assert_eq!(
            faults,
            [fault("/phone", "pattern"), fault("/role", "unknown_field")]
        );
    }
    world
        .anonymous()
        .get("/v1/me")
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "sessions are shown to nobody")]
async fn what_nobody_can_use_any_more_is_forgotten() {
    let world = world().await;
    let tokens = sign_in(&world, "tom").await;
    let count = async || {
        let sessions = entity::session::Entity::find();
        sessions.count(world.state.db.reader()).await.unwrap()
    };
    let before = count().await;
    api::program::server::forget_expired(&world.state)
        .await
        .unwrap();
    assert_eq!(count().await, before);
    world.advance_days(31);
    api::program::server::forget_expired(&world.state)
        .await
        .unwrap();
    assert_eq!(count().await, before - 1);
    refresh(&world, &tokens)
        .await
        .refused(401, "invalid_refresh_token");
}
