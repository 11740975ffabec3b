//! What providers do: change their keys, go down, hang, send elsewhere; and what they may be.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Service;
use actix_web::test::{TestRequest, init_service};
use chrono::TimeDelta;
use entity::identity_provider;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;
use tokio::sync::Notify;

use super::issuer::{Issuer, Key, Manner};
use super::{me, refused, taken_for, trust, trusted, world};

const TOM: &str = "tom@livret.example";

#[tokio::test]
async fn a_provider_changes_its_key() {
    let world = world().await;
    let (issuer, old) = trusted(&world).await;
    let token = old.token("one", &issuer.claims(&world, TOM));
    taken_for(&world, &token, "tom").await;
    let asked = issuer.asked();
    let new = Key::ec();
    issuer.publishes("two", &new);
    // It was asked just now, and is not asked again for each key that nobody knows.
    for id in ["two", "three", "four"] {
        let token = new.token(id, &issuer.claims(&world, TOM));
        refused(&world, &token, "too soon").await;
    }
    assert_eq!(issuer.asked(), asked);
    world.clock.advance(TimeDelta::seconds(60));
    let token = new.token("two", &issuer.claims(&world, TOM));
    taken_for(&world, &token, "tom").await;
    let token = old.token("one", &issuer.claims(&world, TOM));
    refused(&world, &token, "the old key").await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_trusted_for_an_hour() {
    let world = world().await;
    let (issuer, key) = trusted(&world).await;
    let token = || key.token("one", &issuer.claims(&world, TOM));
    taken_for(&world, &token(), "tom").await;
    issuer.answers(Manner::Down);
    for _ in 0..3 {
        world.clock.advance(TimeDelta::minutes(19));
        taken_for(&world, &token(), "tom").await;
    }
    world.clock.advance(TimeDelta::minutes(3));
    refused(&world, &token(), "an hour later").await;
    issuer.answers(Manner::Well);
    refused(&world, &token(), "asked a moment ago").await;
    world.clock.advance(TimeDelta::minutes(1));
    taken_for(&world, &token(), "tom").await;
}

#[tokio::test]
async fn a_provider_that_hangs_keeps_nobody_else() {
    let world = world().await;
    let (issuer, key) = trusted(&world).await;
    issuer.answers(Manner::Hangs);
    let token = key.token("one", &issuer.claims(&world, TOM));
    let client = world.as_("tom");
    let (hanging, mine) = tokio::join!(me(&world, &token), client.get("/v1/me"));
    assert_eq!((hanging.status, mine.status), (401, 200));
}

/// The request is dropped here as the server drops one whose caller has gone.
#[tokio::test]
async fn what_a_provider_answers_is_kept_even_if_nobody_waits_for_it_any_more() {
    let world = world().await;
    let (issuer, key) = trusted(&world).await;
    let told = Arc::new(Notify::new());
    issuer.answers(Manner::OnceTold(told.clone()));
    let token = key.token("one", &issuer.claims(&world, TOM));
    let service = init_service(api::program::app::app(&world.state)).await;
    let bearer = ("authorization", format!("Bearer {token}"));
    let request = TestRequest::get().uri("/v1/me").insert_header(bearer);
    tokio::select! {
        _ = service.call(request.to_request()) => panic!("answered without keys"),
        () = asked(&issuer, 1) => {}
    }
    issuer.answers(Manner::Well);
    told.notify_one();
    // Where the keys are, then the keys.
    asked(&issuer, 2).await;
    taken_for(&world, &token, "tom").await;
    assert_eq!(issuer.asked(), 2);
}

/// Until the provider was asked so often.
async fn asked(issuer: &Issuer, times: usize) {
    for _ in 0..1_000 {
        if issuer.asked() == times {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("asked {} times, not {times}", issuer.asked());
}

#[tokio::test]
async fn what_is_not_the_provider_s_word_is_not_taken_for_it() {
    let world = world().await;
    let elsewhere = Issuer::start().await;
    for manner in [
        Manner::Down,
        Manner::AsAnother,
        Manner::Redirects(format!(
            "{}/.well-known/openid-configuration",
            elsewhere.url
        )),
        Manner::Endlessly,
        Manner::KeysAt("http://169.254.169.254/latest/meta-data".to_owned()),
        Manner::KeysAt("file:///etc/passwd".to_owned()),
        Manner::KeysAt("not an address".to_owned()),
    ] {
        let (issuer, key) = trusted(&world).await;
        elsewhere.publishes("one", &key);
        issuer.answers(manner.clone());
        let token = key.token("one", &issuer.claims(&world, TOM));
        refused(&world, &token, &format!("{manner:?}")).await;
        assert!(issuer.asked() > 0);
    }
    assert_eq!(elsewhere.reached(), 0, "a redirect was followed");
}

#[tokio::test]
async fn nobody_is_called_for_a_token_that_nobody_trusts() {
    let world = world().await;
    let (issuer, key) = (Issuer::start().await, Key::ed());
    issuer.publishes("one", &key);
    let mut claims = issuer.claims(&world, TOM);
    refused(&world, &key.token("one", &claims), "unknown").await;
    let provider = trust(&world, "claire", &issuer, json!({ "enabled": false })).await;
    refused(&world, &key.token("one", &claims), "disabled").await;
    claims["aud"] = json!("another");
    refused(&world, &key.token("one", &claims), "another's").await;
    assert_eq!(issuer.asked(), 0);

    let at = format!(
        "/v1/identity-providers/{}",
        provider["id"].as_str().unwrap()
    );
    let claire = world.as_("claire");
    claire
        .patch(&at, json!({ "enabled": true }))
        .await
        .expect(200);
    let token = key.token("one", &issuer.claims(&world, TOM));
    taken_for(&world, &token, "tom").await;
    claire
        .patch(&at, json!({ "enabled": false }))
        .await
        .expect(200);
    refused(&world, &token, "disabled").await;
    claire
        .patch(&at, json!({ "enabled": true }))
        .await
        .expect(200);
    taken_for(&world, &token, "tom").await;
    claire
        .patch(&at, json!({ "audience": "else" }))
        .await
        .expect(200);
    refused(&world, &token, "for another").await;
    claire
        .patch(&at, json!({ "audience": "livret" }))
        .await
        .expect(200);
    claire.delete(&at).await.expect(204);
    refused(&world, &token, "deleted").await;
}

#[tokio::test]
async fn a_user_who_goes_is_nobody_at_the_next_request() {
    let world = world().await;
    let (issuer, key) = trusted(&world).await;
    let token = key.token("one", &issuer.claims(&world, TOM));
    taken_for(&world, &token, "tom").await;
    let tom = format!("/v1/users/{}", world.user_id("tom"));
    let off = json!({ "state": "disabled" });
    world.as_("claire").patch(&tom, off).await.expect(200);
    refused(&world, &token, "disabled").await;
}

#[tokio::test]
async fn an_issuer_is_an_https_address_on_the_internet() {
    let world = crate::world().await;
    let claire = world.as_("claire");
    let at = "/v1/identity-providers";
    let named = |issuer: &str| json!({ "name": "C", "issuer": issuer, "audience": "livret" });
    for (issuer, code) in [
        ("http://idp.example", "format"),
        ("http://127.0.0.1:8080", "format"),
        ("https://idp.example/?tenant=1", "format"),
        ("https://idp.example/#x", "format"),
        ("https://somebody@idp.example", "format"),
        ("ftp://idp.example", "format"),
        ("https://127.0.0.1", "private_address"),
        ("https://2130706433", "private_address"),
        ("https://0x7f.1", "private_address"),
        ("https://localhost", "private_address"),
        ("https://[::1]:8443", "private_address"),
        ("https://[::ffff:10.0.0.1]", "private_address"),
        ("https://10.1.2.3", "private_address"),
        ("https://100.64.0.1", "private_address"),
        ("https://169.254.169.254/latest", "private_address"),
        ("https://[fd00::1]", "private_address"),
        ("https://printer.local", "private_address"),
    ] {
        let faults = claire.post(at, named(issuer)).await.faults();
        let expected = [("/issuer".to_owned(), code.to_owned())];
        assert_eq!(faults, expected, "{issuer}");
    }
    let good = named("https://idp.example/realms/vae");
    let made = claire.post(at, good.clone()).await.expect(201);
    assert_eq!(made["email_claim"], "email");
    assert_eq!(made["require_verified_email"], true);
    let item = format!("{at}/{}", made["id"].as_str().unwrap());
    let faults = claire
        .patch(&item, json!({ "issuer": "https://127.0.0.1" }))
        .await
        .faults();
    assert_eq!(
        faults,
        [("/issuer".to_owned(), "private_address".to_owned())]
    );
    claire.post(at, good.clone()).await.refused(409, "conflict");
    let mut other = good.clone();
    other["audience"] = json!("another");
    let other = claire.post(at, other).await.expect(201);
    let other = format!("{at}/{}", other["id"].as_str().unwrap());
    let same = json!({ "audience": good["audience"] });
    claire.patch(&other, same).await.refused(409, "conflict");
    // Another organization may trust the same.
    world.as_("rose").post(at, good).await.expect(201);
}

/// However it came to be registered: the name may have led elsewhere then.
#[tokio::test]
async fn this_machine_is_not_called_by_name_or_number_unless_it_is_switched_on() {
    let world = crate::world().await;
    let (issuer, key) = (Issuer::start().await, Key::ed());
    issuer.publishes("one", &key);
    let port = issuer.url.rsplit(':').next().unwrap();
    for (n, host) in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"]
        .iter()
        .enumerate()
    {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{port}");
            let row = identity_provider::ActiveModel {
                id: Set(api::kit::new_id()),
                organization_id: Set(world.organization_id("horizon")),
                name: Set(format!("Connexion {n}")),
                issuer: Set(url.clone()),
                audience: Set("livret".to_owned()),
                email_claim: Set("email".to_owned()),
                require_verified_email: Set(true),
                enabled: Set(true),
                version: Set(1),
                created_at: Set(world.clock.now()),
                updated_at: Set(world.clock.now()),
            };
            row.insert(world.state.db.writer()).await.unwrap();
            let mut claims = issuer.claims(&world, TOM);
            claims["iss"] = json!(url);
            refused(&world, &key.token("one", &claims), &url).await;
        }
    }
    assert_eq!(issuer.reached(), 0);
}
