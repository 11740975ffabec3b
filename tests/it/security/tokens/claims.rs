//! Signed with the service's own key, and claiming what is not so.

use super::*;

#[tokio::test]
async fn what_the_forger_leaves_as_it_is_works() {
    let world = world().await;
    let forger = Forger::new(&world, "tom").await;
    for token in [
        forger.real.clone(),
        forger.signed(&forger.header, &forger.claims),
        // Clocks may differ by half a minute.
        forger.with_claim("exp", json!(forger.second("iat") - 25)),
        forger.with_claim("nbf", json!(forger.second("nbf") + 25)),
        forger.with_claim("iat", json!(forger.second("iat") + 25)),
    ] {
        me(&world, &token).await.expect(200);
    }
}

#[tokio::test]
async fn every_claim_must_be_there_and_be_right() {
    let world = world().await;
    let forger = Forger::new(&world, "tom").await;
    for name in [
        "iss",
        "aud",
        "sub",
        "iat",
        "nbf",
        "exp",
        "jti",
        "role",
        "client_id",
        "org",
        "sid",
    ] {
        let what = format!("without {name}");
        refused(&world, &what, &forger.with_claim(name, Value::Null)).await;
    }
    let now = world.clock.now().timestamp();
    let rose = world.user_id("rose").to_string();
    let crm = world.user_id("crm").to_string();
    let rivage = world.organization_id("rivage").to_string();
    for (name, value) in [
        ("iss", json!("https://evil.example")),
        ("iss", json!("http://livret.example/")),
        (
            "iss",
            json!(["http://livret.example", "https://evil.example"]),
        ),
        ("aud", json!("another")),
        ("aud", json!(["another"])),
        ("aud", json!("")),
        ("sub", json!(rose)),
        ("sub", json!(crm)),
        ("sub", json!("tom")),
        ("sub", json!(api::kit::new_id())),
        ("sid", json!(api::kit::new_id())),
        ("sid", json!(rose)),
        ("org", json!(rivage)),
        ("role", json!("coordinator")),
        ("role", json!("admin")),
        ("role", json!("integration")),
        ("role", json!("god")),
        ("exp", json!(now - 60)),
        ("exp", json!(0)),
        ("exp", json!(i64::MIN)),
        ("exp", json!("2099-01-01")),
        ("nbf", json!(now + 60)),
        ("nbf", json!(i64::MAX)),
        ("iat", json!(now + 60)),
        ("iat", json!(i64::MAX)),
        ("jti", json!("one")),
    ] {
        let what = format!("{name} {value}");
        refused(&world, &what, &forger.with_claim(name, value)).await;
    }
}

#[tokio::test]
async fn a_service_account_s_token_claims_no_more_than_the_account_has() {
    let world = world().await;
    let crm = account_of(&world, "claire", &["candidates:read"]).await;
    let forger = Forger::of(&world, &crm.token(&world, "").await);
    let read = async |token: &str, path: &str| {
        let client = world.anonymous().bearing(token);
        client.get(path).await
    };
    let more = forger.with_claim("scope", json!("candidates:read users:read"));
    read(&more, "/v1/candidates").await.expect(200);
    let refused = read(&more, "/v1/users").await;
    let lacking = r#"Bearer error="insufficient_scope", scope="users:read""#;
    assert_eq!(refused.header("www-authenticate"), Some(lacking));
    refused.refused(403, "forbidden");
    for scope in [Value::Null, json!(""), json!("unheard:of")] {
        let less = forger.with_claim("scope", scope);
        read(&less, "/v1/candidates")
            .await
            .refused(403, "forbidden");
    }
    for (name, value) in [
        ("role", json!("coordinator")),
        ("org", json!(world.organization_id("rivage"))),
        ("org", Value::Null),
        ("sid", json!(api::kit::new_id())),
        ("sub", json!(world.user_id("tom"))),
        ("client_id", Value::Null),
        ("jti", Value::Null),
    ] {
        let forged = forger.with_claim(name, value);
        let answer = read(&forged, "/v1/candidates").await;
        answer.refused(401, "unauthenticated");
    }
}
