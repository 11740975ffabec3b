//! Of another algorithm, key or kind, altered, or sent otherwise.

use super::*;

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
