//! Access tokens that are not ours, no longer ours, or not meant so (RFC 8725).

use api::auth::keys::rotation::{self, Rotation};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, World};

use super::forger::{Forger, changed, message, sign_in};
use crate::it::oauth::account_of;
use crate::world;

async fn me(world: &World, token: &str) -> Answer {
    world.anonymous().bearing(token).get("/v1/me").await
}

async fn refused(world: &World, what: &str, token: &str) {
    let answer = me(world, token).await;
    assert_eq!(answer.status, 401, "{what}: {:#}", answer.body);
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
    answer.refused(401, "unauthenticated");
}

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
async fn no_other_algorithm_is_taken() {
    let world = world().await;
    let forger = Forger::new(&world, "tom").await;
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let header = changed(&forger.header, "alg", json!(none));
        let unsigned = message(&header, &forger.claims);
        refused(&world, none, &format!("{unsigned}.")).await;
        refused(&world, none, &unsigned).await;
        refused(&world, none, &forger.with_header("alg", json!(none))).await;
    }
    // Signed with what everybody can read: the public key, however it is written.
    let keys = world.anonymous().get("/.well-known/jwks.json").await;
    let public = keys.expect(200)["keys"][0].clone();
    let x = public["x"].as_str().unwrap();
    let secrets = [
        x.as_bytes().to_vec(),
        BASE64_URL_SAFE_NO_PAD.decode(x).unwrap(),
        public.to_string().into_bytes(),
        Vec::new(),
    ];
    for (name, algorithm) in [
        ("HS256", Algorithm::HS256),
        ("HS384", Algorithm::HS384),
        ("HS512", Algorithm::HS512),
    ] {
        let header = changed(&forger.header, "alg", json!(name));
        let message = message(&header, &forger.claims);
        for secret in &secrets {
            let key = EncodingKey::from_secret(secret);
            let signature = crypto::sign(message.as_bytes(), &key, algorithm).unwrap();
            refused(&world, name, &format!("{message}.{signature}")).await;
        }
    }
    for name in ["RS256", "ES256", "PS256", "eddsa", "Ed25519"] {
        refused(&world, name, &forger.with_header("alg", json!(name))).await;
    }
}

#[tokio::test]
async fn no_key_is_taken_but_those_of_the_service() {
    let world = world().await;
    let forger = Forger::new(&world, "tom").await;
    for kid in [
        Value::Null,
        json!(""),
        json!("unknown"),
        json!("token-1"),
        json!("token-1.pem"),
        json!("../token-1.pem"),
        json!("../../../../dev/null"),
        json!("/etc/passwd"),
        json!("' OR '1'='1"),
        json!("x\u{0}"),
        json!(["a"]),
        json!("k".repeat(1000)),
    ] {
        let what = format!("kid {kid}");
        refused(&world, &what, &forger.with_header("kid", kid)).await;
    }
    let address = format!("{}/.well-known/jwks.json", world.url());
    let keys = world.anonymous().get("/.well-known/jwks.json").await;
    let public = keys.expect(200)["keys"][0].clone();
    for (name, value) in [
        ("jku", json!(address)),
        ("x5u", json!(address)),
        ("jwk", public),
        ("x5c", json!(["MIIB"])),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("crit", json!("exp")),
    ] {
        refused(&world, name, &forger.with_header(name, value)).await;
    }
    let strangers = EncodingKey::from_ed_pem(&strangers_key()).unwrap();
    let message = message(&forger.header, &forger.claims);
    let signature = crypto::sign(message.as_bytes(), &strangers, Algorithm::EdDSA).unwrap();
    refused(
        &world,
        "a stranger's key",
        &format!("{message}.{signature}"),
    )
    .await;
}

/// PKCS#8 of an Ed25519 key made of sevens.
fn strangers_key() -> Vec<u8> {
    let mut der = vec![
        0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
    ];
    der.extend([7; 32]);
    let body = BASE64_STANDARD.encode(der);
    format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n").into_bytes()
}

#[tokio::test]
async fn a_token_of_another_kind_is_no_access_token() {
    let world = world().await;
    let forger = Forger::new(&world, "tom").await;
    for typ in [
        Value::Null,
        json!("JWT"),
        json!("jwt"),
        json!("id+jwt"),
        json!("logout+jwt"),
        json!("dpop+jwt"),
        json!(""),
    ] {
        let what = format!("typ {typ}");
        refused(&world, &what, &forger.with_header("typ", typ)).await;
    }
    let tokens = sign_in(&world, "tom").await;
    let refresh = tokens["refresh_token"].as_str().unwrap();
    refused(&world, "a refresh token", refresh).await;
    for token in ["", ".", "..", "...", "a.b.c", "e30.e30.e30"] {
        refused(&world, token, token).await;
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
async fn a_token_that_was_altered_is_worth_nothing() {
    let world = world().await;
    let forger = Forger::new(&world, "tom").await;
    let parts: Vec<&str> = forger.real.split('.').collect();
    let admin = changed(&forger.claims, "role", json!("admin"));
    let altered = message(&forger.header, &admin);
    let signature = parts[2];
    let zeros = BASE64_URL_SAFE_NO_PAD.encode([0; 64]);
    for token in [
        format!("{altered}.{signature}"),
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}", parts[0], parts[1]),
        format!("{}.{}.{zeros}", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], &signature[..40]),
        format!("{}.{signature}", forger.real),
        format!("{}=", forger.real),
        forger.real.to_uppercase(),
    ] {
        refused(&world, &token, &token).await;
    }
}

#[tokio::test]
async fn a_token_is_sent_once_and_as_the_scheme_says() {
    let world = world().await;
    let forger = Forger::new(&world, "tom").await;
    let send = async |headers: &[(&str, &str)]| {
        let anonymous = world.anonymous();
        anonymous.send(Method::GET, "/v1/me", None, headers).await
    };
    let right = format!("Bearer {}", forger.real);
    let name = "authorization";
    send(&[(name, &right)]).await.expect(200);
    let basic = format!("Basic {}", forger.real);
    let twice = format!("{right}, {right}");
    for headers in [
        vec![(name, right.as_str()), (name, "Bearer another")],
        vec![(name, "Bearer another"), (name, right.as_str())],
        vec![(name, right.as_str()), (name, right.as_str())],
        vec![(name, basic.as_str())],
        vec![(name, forger.real.as_str())],
        vec![(name, "Bearer")],
        vec![(name, twice.as_str())],
        vec![("x-authorization", right.as_str())],
        vec![("cookie", right.as_str())],
    ] {
        let answer = send(&headers).await;
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        answer.refused(401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_token_made_before_a_role_changed_ends_with_it() {
    let world = world().await;
    let token = sign_in(&world, "theo").await["access_token"].clone();
    let token = token.as_str().unwrap();
    me(&world, token).await.expect(200);
    let theo = format!("/v1/users/{}", world.user_id("theo"));
    let role = json!({ "role": "coordinator" });
    world.as_("claire").patch(&theo, role).await.expect(200);
    refused(&world, "the role before", token).await;
}

#[tokio::test]
async fn a_key_that_is_over_signs_nothing_more() {
    let world = world().await;
    let config = &world.state.config;
    let rotate = |what| rotation::rotate(config, what, world.clock.now()).unwrap();
    rotate(Rotation::Next);
    world.state.keys.read_again();
    // The next key signs, and the one before has nothing alive.
    world.clock.advance(TimeDelta::minutes(10));
    let last = Forger::new(&world, "tom").await;
    world.clock.advance(TimeDelta::minutes(15));
    let mut forger = Forger::new(&world, "tom").await;
    assert_eq!(forger.header["kid"], last.header["kid"]);
    let before = world.anonymous().get("/.well-known/jwks.json").await;
    let before = before.expect(200);
    let kids: Vec<&Value> = before["keys"].as_array().unwrap().iter().collect();
    let old = kids.iter().find(|key| key["kid"] != forger.header["kid"]);
    forger
        .header
        .insert("kid".to_owned(), old.unwrap()["kid"].clone());
    let stolen = forger.signed(&forger.header, &forger.claims);
    me(&world, &stolen).await.expect(200);
    world.clock.advance(TimeDelta::minutes(2));
    refused(&world, "a key that is over", &stolen).await;
}

#[tokio::test]
async fn a_stolen_key_is_worth_nothing_once_it_is_replaced() {
    let world = world().await;
    let forger = Forger::new(&world, "tom").await;
    me(&world, &forger.real).await.expect(200);
    let config = &world.state.config;
    rotation::rotate(config, Rotation::AtOnce, world.clock.now()).unwrap();
    world.state.keys.read_again();
    refused(&world, "the key before", &forger.real).await;
    let token = sign_in(&world, "tom").await["access_token"].clone();
    me(&world, token.as_str().unwrap()).await.expect(200);
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
    read(&more, "/v1/users").await.refused(403, "forbidden");
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
