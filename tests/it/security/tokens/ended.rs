//! No longer good: the role or the key has changed.

use super::*;

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
