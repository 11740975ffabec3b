//! Which tokens are accepted, and for whom.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::issuer::{Issuer, Key, base64, unsigned};
use super::{TOM, me, refused, taken_for, trust, trusted, world};

#[tokio::test]
async fn a_token_of_a_trusted_provider_stands_for_ours() {
    let world = world().await;
    for key in [Key::ed(), Key::ec(), Key::rsa()] {
        let issuer = Issuer::start().await;
        trust(&world, "claire", &issuer, json!({})).await;
        issuer.publishes("one", &key);
        for (email, name) in [(TOM, "tom"), ("Samira@Livret.EXAMPLE", "samira")] {
            let token = key.token("one", &issuer.claims(&world, email));
            taken_for(&world, &token, name).await;
        }
        let token = key.token("one", &issuer.claims(&world, TOM));
        let tom = world.anonymous().bearing(&token);
        tom.get(&world.booklet("samira", "")).await.expect(200);
        tom.get(&world.booklet("nadia", ""))
            .await
            .refused(404, "not_found");
        tom.get("/v1/service-accounts")
            .await
            .refused(403, "forbidden");
        // Its keys were asked for once.
        assert_eq!(issuer.asked(), 2);
        // Who trusts it, who it is, and what was asked for.
        let before = world.state.db.statements();
        tom.get("/v1/me").await.expect(200);
        assert!(world.state.db.statements() - before <= 3);
    }
    let (issuer, key) = (Issuer::start().await, Key::rsa());
    trust(&world, "claire", &issuer, json!({})).await;
    issuer.publishes("one", &key);
    let header = json!({ "alg": "PS256", "kid": "one" });
    let token = key.signed(&header, &issuer.claims(&world, TOM));
    taken_for(&world, &token, "tom").await;
}

#[tokio::test]
async fn it_names_active_users_of_the_organization_that_trusts_it_and_nobody_else() {
    let world = world().await;
    let (issuer, key) = trusted(&world).await;
    let claire = world.as_("claire");
    let invited = json!({ "email": "new@livret.example", "given_name": "A", "family_name": "B", "role": "tutor" });
    claire.post("/v1/users", invited).await.expect(201);
    let tina = format!("/v1/users/{}", world.user_id("tina"));
    let off = json!({ "state": "disabled" });
    claire.patch(&tina, off).await.expect(200);
    for email in [
        "remi@livret.example",
        "rose@livret.example",
        "ada@livret.example",
        "new@livret.example",
        "tina@livret.example",
        "nobody@livret.example",
        "tom",
        "",
        " tom@livret.example",
        "tom@livret.example\u{0}",
        "%@livret.example",
    ] {
        let token = key.token("one", &issuer.claims(&world, email));
        refused(&world, &token, email).await;
    }
}

#[tokio::test]
async fn two_organizations_that_trust_one_provider_keep_their_people() {
    let world = world().await;
    let (issuer, key) = trusted(&world).await;
    let remi = "remi@livret.example";
    let claims = |audience: Value, email: &str| {
        let mut claims = issuer.claims(&world, email);
        claims["aud"] = audience;
        key.token("one", &claims)
    };
    refused(&world, &claims(json!("livret"), remi), "not yet").await;
    let rivage = json!({ "audience": "rivage" });
    trust(&world, "rose", &issuer, rivage).await;
    taken_for(&world, &claims(json!("rivage"), remi), "remi").await;
    refused(&world, &claims(json!("livret"), remi), "Horizon's").await;
    refused(&world, &claims(json!("rivage"), TOM), "Rivage's").await;
    let both = json!(["rivage", "livret"]);
    taken_for(&world, &claims(both.clone(), remi), "remi").await;
    taken_for(&world, &claims(both, TOM), "tom").await;
}

#[tokio::test]
async fn every_claim_is_checked() {
    let world = world().await;
    let (issuer, key) = trusted(&world).await;
    let now = world.clock.now().timestamp();
    let good = issuer.claims(&world, TOM);
    taken_for(&world, &key.token("one", &good), "tom").await;
    for (claim, value) in [
        ("aud", json!("another")),
        ("aud", json!([])),
        ("aud", json!(["another"])),
        ("aud", Value::Null),
        ("aud", json!(7)),
        ("iss", json!("https://another.example")),
        ("iss", json!(format!("{}/", issuer.url))),
        ("iss", Value::Null),
        ("iss", json!(format!("{}\u{0}", issuer.url))),
        ("aud", json!("livret\u{0}")),
        ("aud", json!(["livret", "\u{0}"])),
        ("sub", Value::Null),
        ("sub", json!("")),
        ("exp", Value::Null),
        ("exp", json!(now - 60)),
        ("exp", json!("tomorrow")),
        ("iat", Value::Null),
        ("iat", json!(now + 300)),
        ("iat", json!(now - 25 * 3600)),
        ("nbf", json!(now + 300)),
        ("nbf", json!("now")),
        ("email", Value::Null),
        ("email", json!([TOM])),
        ("email_verified", Value::Null),
        ("email_verified", json!(false)),
        ("email_verified", json!("false")),
        ("email_verified", json!(1)),
    ] {
        for absent in [false, true] {
            let mut claims = good.clone();
            if absent {
                if !value.is_null() {
                    continue;
                }
                claims.as_object_mut().unwrap().remove(claim);
            } else {
                claims[claim] = value.clone();
            }
            let why = format!("{claim}: {value}");
            refused(&world, &key.token("one", &claims), &why).await;
        }
    }
    // Clocks differ by half a minute at most.
    for (claim, off) in [("exp", -10), ("iat", 25), ("nbf", 25)] {
        let mut claims = issuer.claims(&world, TOM);
        claims[claim] = json!(world.clock.now().timestamp() + off);
        taken_for(&world, &key.token("one", &claims), "tom").await;
    }
    for (claim, value) in [
        ("email_verified", json!("true")),
        ("aud", json!(["another", "livret"])),
    ] {
        let mut claims = issuer.claims(&world, TOM);
        claims[claim] = value;
        taken_for(&world, &key.token("one", &claims), "tom").await;
    }
}

#[tokio::test]
async fn an_organization_says_which_claim_and_whether_it_must_be_verified() {
    let world = world().await;
    let (issuer, key) = (Issuer::start().await, Key::ed());
    issuer.publishes("one", &key);
    let terms =
        json!({ "name": "C", "issuer": issuer.url, "audience": "livret", "email_claim": "upn" });
    let claire = world.as_("claire");
    let faults = claire.post("/v1/identity-providers", terms).await.faults();
    let expected = (
        "/require_verified_email".to_owned(),
        "not_allowed".to_owned(),
    );
    assert_eq!(faults, [expected]);
    let terms = json!({ "email_claim": "upn", "require_verified_email": false });
    trust(&world, "claire", &issuer, terms).await;
    let mut claims = issuer.claims(&world, TOM);
    refused(&world, &key.token("one", &claims), "the other claim").await;
    claims["upn"] = json!("theo@livret.example");
    claims["email_verified"] = json!(false);
    taken_for(&world, &key.token("one", &claims), "theo").await;
}

#[tokio::test]
async fn every_header_is_checked_and_the_token_does_not_choose_its_key() {
    let world = world().await;
    let (issuer, key) = trusted(&world).await;
    let rsa = Key::rsa();
    let mut keys = vec![key.published("one"), rsa.published("rsa")];
    let public = keys[0]["x"].as_str().unwrap().to_owned();
    keys.push(json!({ "kty": "oct", "kid": "oct", "k": base64(b"known to all") }));
    let mut for_secrets = rsa.published("enc");
    for_secrets["use"] = json!("enc");
    keys.push(for_secrets);
    let mut named = rsa.published("named");
    named["alg"] = json!("PS256");
    keys.push(named);
    keys.push(json!({ "kty": "XYZ", "kid": "odd" }));
    issuer.publishes_raw(keys);
    let claims = issuer.claims(&world, TOM);
    taken_for(&world, &key.token("one", &claims), "tom").await;
    taken_for(&world, &rsa.token("rsa", &claims), "tom").await;

    let header = |more: Value| {
        let mut header = json!({ "alg": "EdDSA", "typ": "JWT", "kid": "one" });
        for (name, value) in more.as_object().unwrap() {
            header[name] = value.clone();
        }
        header
    };
    for more in [
        json!({ "kid": null }),
        json!({ "kid": "rsa" }),
        json!({ "kid": "nobody" }),
        json!({ "alg": "none" }),
        json!({ "alg": "NONE" }),
        json!({ "alg": "RS256" }),
        json!({ "alg": "ES256" }),
        json!({ "alg": "HS256" }),
        json!({ "jku": format!("{}/keys", issuer.url) }),
        json!({ "x5u": format!("{}/keys", issuer.url) }),
        json!({ "jwk": key.published("one") }),
        json!({ "x5c": ["MIIB"] }),
        json!({ "crit": ["exp"] }),
        json!({ "typ": "logout+jwt" }),
        json!({ "typ": "dpop+jwt" }),
    ] {
        let token = key.signed(&header(more.clone()), &claims);
        refused(&world, &token, &more.to_string()).await;
    }
    for (id, alg) in [
        ("enc", "RS256"),
        ("named", "RS256"),
        ("rsa", "RS512"),
        ("odd", "RS256"),
    ] {
        let token = rsa.signed(&json!({ "alg": alg, "kid": id }), &claims);
        refused(&world, &token, id).await;
    }
    // A public key is no secret.
    let known = BASE64_URL_SAFE_NO_PAD.decode(&public).unwrap();
    for (id, secret) in [
        ("one", &known[..]),
        ("one", public.as_bytes()),
        ("oct", b"known to all"),
    ] {
        let text = unsigned(&json!({ "alg": "HS256", "kid": id }), &claims);
        let secret = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let signature = hmac::sign(&secret, text.as_bytes());
        let token = format!("{text}.{}", base64(signature.as_ref()));
        refused(&world, &token, "HS256").await;
    }
    let text = unsigned(&json!({ "alg": "none" }), &claims);
    for token in [format!("{text}."), text.clone(), format!("{text}.x.y")] {
        refused(&world, &token, "unsigned").await;
    }
    let token = key.token("one", &claims);
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let mut others = claims.clone();
    others["email"] = json!("claire@livret.example");
    let forged = unsigned(&header(json!({})), &others);
    refused(&world, &format!("{forged}.{signature}"), "forged").await;
    let another = Key::ed().signed(&header(json!({})), &claims);
    refused(&world, &another, "another's key").await;
    refused(&world, &format!("{rest}.{}", "A".repeat(20_000)), "long").await;
    assert_eq!(me(&world, &token).await.status, 200);
}
