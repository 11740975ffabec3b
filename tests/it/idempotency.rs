//! `Idempotency-Key`: a request sent again has one effect and the same answer. Every POST is sent
//! again in `examples/writes.rs`; here is what is special.

use futures_util::future::join_all;
use reqwest::Method;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use tests::{Answer, World};

use crate::world;

const KEY: &str = "0199f3c2-a1b4-7c3e-9d5f-6a7b8c9d0e1f";

fn call() -> Value {
    json!({ "contacted_on": "2026-11-20", "contact_mode": "phone", "comment": "Rappel." })
}

/// A POST under a key.
async fn post(world: &World, name: &str, path: &str, body: Option<Value>, key: &str) -> Answer {
    let headers = [("idempotency-key", key)];
    let person = world.as_(name);
    person.send(Method::POST, path, body, &headers).await
}

async fn count(world: &World, path: &str) -> usize {
    let page = world.as_("claire").get(path).await.expect(200);
    page["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_key_belongs_to_one_caller_and_one_address() {
    let world = world().await;
    let notes = world.booklet("samira", "notes");
    let body = json!({ "body": "Vu", "visibility": "shared" });
    let toms = post(&world, "tom", &notes, Some(body.clone()), KEY).await;
    let samiras = post(&world, "samira", &notes, Some(body.clone()), KEY).await;
    let elsewhere = world.booklet("karim", "notes");
    let karims = post(&world, "tom", &elsewhere, Some(body), KEY).await;
    let ids = [toms, samiras, karims].map(|made| made.expect(201)["id"].clone());
    assert!(ids[0] != ids[1] && ids[0] != ids[2], "{ids:?}");
}

#[tokio::test]
async fn the_same_request_five_times_at_once_has_one_effect() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let posts = (0..5).map(|_| post(&world, "tom", &path, Some(call()), KEY));
    let answers = join_all(posts).await;
    let bodies: Vec<Value> = answers
        .into_iter()
        .map(|answer| answer.expect(201))
        .collect();
    assert!(bodies.iter().all(|body| body == &bodies[0]), "{bodies:#?}");
    assert_eq!(count(&world, &path).await, 1);

    // Where the second finds the state changed by the first.
    let contracts = world.booklet("samira", "contracts");
    let ends = json!({ "ends_on": world.day(100) });
    let contract = world.as_("tom").post(&contracts, ends).await.expect(201);
    let propose = format!("/v1/contracts/{}/propose", contract["id"].as_str().unwrap());
    let answers = join_all((0..5).map(|_| post(&world, "tom", &propose, None, KEY))).await;
    for answer in answers {
        assert_eq!(answer.expect(200)["state"], "proposed");
    }
}

#[tokio::test]
async fn of_different_requests_at_once_under_one_key_one_has_an_effect() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    for round in 0..5 {
        let key = format!("round-{round}");
        let posts = (0..5).map(|number| {
            let mut body = call();
            body["comment"] = json!(format!("{round}.{number}"));
            post(&world, "tom", &path, Some(body), &key)
        });
        let (done, others): (Vec<Answer>, Vec<Answer>) = join_all(posts)
            .await
            .into_iter()
            .partition(|answer| answer.status == 201);
        assert_eq!((done.len(), others.len()), (1, 4));
        assert_eq!(done[0].header("idempotent-replayed"), None);
        for other in others {
            other.refused(422, "idempotency_key_reused");
        }
        assert_eq!(count(&world, &path).await, round + 1);
    }
}

#[tokio::test]
async fn what_was_refused_may_be_put_right_under_the_same_key() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let wrong = json!({ "contact_mode": "pigeon" });
    let refused = post(&world, "tom", &path, Some(wrong), KEY).await;
    refused.refused(422, "invalid");
    let right = post(&world, "tom", &path, Some(call()), KEY).await;
    assert_eq!(right.header("idempotent-replayed"), None);
    right.expect(201);

    let propose = world.booklet("samira", "plan/propose");
    let early = post(&world, "tom", &propose, None, KEY).await;
    early.refused(409, "plan_empty");
    let template = world.booklet("samira", "plan-steps/from-template");
    world.as_("tom").act(&template).await.expect(201);
    let proposed = post(&world, "tom", &propose, None, KEY).await;
    assert_eq!(proposed.expect(200)["state"], "proposed");
}

#[tokio::test]
async fn who_may_no_longer_see_the_booklet_is_not_answered_again() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let substitute = json!({ "user_id": world.user_id("theo"), "kind": "substitute" });
    let members = world.booklet("samira", "members");
    let claire = world.as_("claire");
    let member = claire.post(&members, substitute).await.expect(201);
    let first = post(&world, "theo", &path, Some(call()), KEY).await;
    first.expect(201);
    let member = format!("/v1/booklet-members/{}", member["id"].as_str().unwrap());
    let ends = json!({ "ends_on": world.day(0) });
    claire.patch(&member, ends).await.expect(200);
    let again = post(&world, "theo", &path, Some(call()), KEY).await;
    again.refused(404, "not_found");
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "no caller of the API reads these rows"
)]
async fn an_answer_is_kept_for_a_day_and_then_forgotten() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let first = post(&world, "tom", &path, Some(call()), KEY)
        .await
        .expect(201);
    world.clock.advance(chrono::TimeDelta::hours(23));
    let again = post(&world, "tom", &path, Some(call()), KEY)
        .await
        .expect(201);
    assert_eq!(again["id"], first["id"]);
    world.clock.advance(chrono::TimeDelta::hours(2));
    let anew = post(&world, "tom", &path, Some(call()), KEY)
        .await
        .expect(201);
    assert_ne!(anew["id"], first["id"]);

    let kept = async || {
        let keys = entity::idempotency_key::Entity::find();
        keys.count(world.state.db.reader()).await.unwrap()
    };
    assert_eq!(kept().await, 1);
    world.advance_days(2);
    api::program::server::forget_expired(&world.state)
        .await
        .unwrap();
    assert_eq!(kept().await, 0);
}

#[tokio::test]
async fn a_key_is_one_value_of_visible_characters() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let long = "k".repeat(256);
    for key in ["", "a b", "é", &long] {
        let answer = post(&world, "tom", &path, Some(call()), key).await;
        answer.refused(400, "invalid_idempotency_key");
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let tom = world.as_("tom");
    let answer = tom.send(Method::POST, &path, Some(call()), &twice).await;
    answer.refused(400, "invalid_idempotency_key");
    assert_eq!(count(&world, &path).await, 0);
    let longest = "k".repeat(255);
    let answer = post(&world, "tom", &path, Some(call()), &longest).await;
    answer.expect(201);
}
