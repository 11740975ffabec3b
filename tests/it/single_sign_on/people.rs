//! Whom a token stands for, and until when.

use serde_json::json;

use super::{TOM, refused, taken_for, trusted, world};

/// Folded, as the letters of all scripts are, `\u{212a}` is a `k` and `\u{130}` an `i`.
#[tokio::test]
async fn an_address_in_other_letters_is_nobody_elses() {
    let world = world().await;
    let (issuer, key) = trusted(&world).await;
    let claire = world.as_("claire");
    let kim = json!({ "email": "kim@livret.example", "role": "tutor", "given_name": "Kim", "family_name": "Roy" });
    let kim = claire.post("/v1/users", kim).await.expect(201);
    let kim = format!("/v1/users/{}/invitation", kim["id"].as_str().unwrap());
    let invitation = claire.act(&kim).await.expect(200);
    let account = json!({ "token": invitation["token"], "password": "trois moutons bleus" });
    let accepting = world.anonymous();
    accepting
        .post("/v1/auth/invitations/accept", account)
        .await
        .expect(200);
    let token = key.token("one", &issuer.claims(&world, "Kim@livret.example"));
    let me = world.anonymous().bearing(&token).get("/v1/me").await;
    assert_eq!(me.expect(200)["given_name"], "Kim");
    for (email, is_one) in [
        ("TOM@Livret.example", true),
        ("\u{212a}im@livret.example", false),
        ("to\u{ff4d}@livret.example", false),
        ("t\u{f6}m@livret.example", false),
    ] {
        let token = key.token("one", &issuer.claims(&world, email));
        match is_one {
            true => taken_for(&world, &token, "tom").await,
            false => refused(&world, &token, email).await,
        }
    }
}

/// A token goes on at its provider; here its person is signed out.
#[tokio::test]
async fn a_token_from_before_a_sign_out_is_worth_nothing() {
    let world = world().await;
    let (issuer, key) = trusted(&world).await;
    let token = || key.token("one", &issuer.claims(&world, TOM));
    let before = token();
    taken_for(&world, &before, "tom").await;
    let tom = world.anonymous().bearing(&before);
    tom.act("/v1/auth/logout").await.expect(204);
    refused(&world, &before, "after its log-out").await;
    world.clock.advance(chrono::TimeDelta::seconds(2));
    let again = token();
    taken_for(&world, &again, "tom").await;
    let sign_out = format!("/v1/users/{}/sign-out", world.user_id("tom"));
    world.as_("claire").act(&sign_out).await.expect(204);
    refused(&world, &again, "signed out by a coordinator").await;
    world.clock.advance(chrono::TimeDelta::seconds(2));
    taken_for(&world, &token(), "tom").await;
}
