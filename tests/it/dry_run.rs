//! `Prefer: dry-run`: the answer of a write, without its effect. Every write is rehearsed in
//! `examples/writes.rs`.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, World};

use super::rows::everything;
use crate::world;

const DRY_RUN: (&str, &str) = ("prefer", "dry-run");

/// The same POST of Tom's, dry and not.
async fn refused_both_ways(world: &World, path: &str, body: Option<Value>) -> [Answer; 2] {
    let before = everything(world).await;
    let tom = world.as_("tom");
    let dry = tom.send(Method::POST, path, body.clone(), &[DRY_RUN]).await;
    let real = tom.send(Method::POST, path, body, &[]).await;
    // A refusal changes nothing anyway.
    assert_eq!(dry.header("preference-applied"), None, "{path}");
    assert_eq!(everything(world).await, before, "{path}");
    [dry, real]
}

#[tokio::test]
async fn a_form_learns_from_a_dry_run_what_is_wrong_with_it() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let wrong = Some(json!({ "contacted_on": "hier" }));
    let [dry, real] = refused_both_ways(&world, &path, wrong).await;
    assert_eq!(dry.faults(), real.faults());
    let propose = world.booklet("samira", "plan/propose");
    for answer in refused_both_ways(&world, &propose, None).await {
        answer.refused(409, "plan_empty");
    }
}

#[tokio::test]
async fn a_dry_run_takes_no_idempotency_key() {
    let world = world().await;
    let path = world.booklet("samira", "follow-ups");
    let body = json!({ "contacted_on": world.day(0), "contact_mode": "phone", "comment": "Oui" });
    let key = ("idempotency-key", "one");
    let tom = world.as_("tom");
    let send = async |headers: &[(&str, &str)]| {
        let answer = tom
            .send(Method::POST, &path, Some(body.clone()), headers)
            .await;
        let replayed = answer.header("idempotent-replayed").is_some();
        (answer.expect(201), replayed)
    };
    let (_, replayed) = send(&[key, DRY_RUN]).await;
    assert!(!replayed);
    let (real, replayed) = send(&[key]).await;
    assert!(!replayed);
    // Other preferences beside it do not hide it, and it is asked for in any case.
    let (dry, replayed) = send(&[key, ("prefer", "return=minimal, Dry-Run")]).await;
    assert!(!replayed && dry["id"] != real["id"]);
    let (again, replayed) = send(&[key]).await;
    assert!(replayed && again == real);
}
