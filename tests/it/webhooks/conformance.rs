//! The trial of a receiver: a good one passes, and each fault of another one is told.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::UNIX_EPOCH;

use reqwest::Method;
use serde_json::{Value, json};
use tests::World;

use super::receiver::Received;
use super::{Manner, Receiver, at, log, webhook_to, world};

/// What an integrator may get wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Nothing,
    RefusesAll,
    RefusesDuplicates,
    RefusesOlder,
    VerifiesNothing,
    IgnoresTimestamps,
    FailsOnBadSignatures,
}

/// A receiver with this fault, otherwise as the guide says.
fn with(fault: Fault, secret: &str) -> Manner {
    let secret = secret.to_owned();
    let known = Mutex::new(BTreeSet::new());
    let newest = Mutex::new(0);
    Manner::Decides(Arc::new(move |message: &Received| {
        let is_signed = message.is_signed_with(&secret);
        let sent_at: i64 = message.header("webhook-timestamp").parse().unwrap();
        let now = UNIX_EPOCH.elapsed().unwrap().as_secs();
        let is_old = i64::try_from(now).unwrap() - sent_at > 300;
        let accepts_anyway =
            fault == Fault::VerifiesNothing || (fault == Fault::IgnoresTimestamps && is_old);
        if fault == Fault::RefusesAll {
            return 403;
        }
        if !is_signed && !accepts_anyway {
            return if fault == Fault::FailsOnBadSignatures {
                500
            } else {
                401
            };
        }
        let is_new = known.lock().unwrap().insert(message.id().to_owned());
        if !is_new {
            return if fault == Fault::RefusesDuplicates {
                409
            } else {
                200
            };
        }
        let sequence = message.json()["data"]["sequence"].as_i64().unwrap();
        let mut newest = newest.lock().unwrap();
        if sequence < *newest && fault == Fault::RefusesOlder {
            return 422;
        }
        *newest = sequence.max(*newest);
        202
    }))
}

/// What Claire is told of a receiver with this fault.
async fn trial(world: &World, fault: Fault) -> (Receiver, Value) {
    let receiver = Receiver::start().await;
    let webhook = webhook_to(world, &receiver.url).await;
    receiver.now(with(fault, webhook["secret"].as_str().unwrap()));
    let path = format!("{}/conformance", at(&webhook));
    let english = [("accept-language", "en")];
    let report = world
        .as_("claire")
        .send(Method::POST, &path, None, &english)
        .await;
    assert!(log(world, &webhook, "").await.is_empty());
    (receiver, report.expect(200))
}

/// The names of the scenes with this result.
fn that(report: &Value, result: &str) -> Vec<String> {
    let scenes = report["scenes"].as_array().unwrap().iter();
    let these = scenes.filter(|scene| scene["result"] == result);
    these
        .map(|scene| scene["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_good_receiver_passes() {
    let world = world().await;
    let (receiver, report) = trial(&world, Fault::Nothing).await;
    assert_eq!(report["passed"], true, "{report:#}");
    let scenes = [
        "good",
        "duplicate",
        "disorder",
        "bad_signature",
        "old_timestamp",
    ];
    assert_eq!(that(&report, "passed"), scenes);
    let to_check: Vec<bool> = report["scenes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|scene| scene["advice"].is_string())
        .collect();
    assert_eq!(to_check, [false, true, true, false, false]);
    let received = receiver.received();
    assert_eq!(received.len(), 6);
    assert_eq!(received[0].id(), received[1].id());
    let sequence = |n: usize| received[n].json()["data"]["sequence"].as_i64();
    assert!(sequence(2) > sequence(3));
    for message in &received {
        assert_eq!(message.json()["type"], "webhook.test");
    }
    let call = &report["scenes"][0]["calls"][0];
    assert_eq!(
        (&call["payload"], &call["status"]),
        (&json!(received[0].body), &json!(202))
    );
}

#[tokio::test]
async fn each_fault_is_told_with_what_to_put_right() {
    let world = world().await;
    for (fault, failed, word) in [
        (Fault::RefusesDuplicates, vec!["duplicate"], "webhook-id"),
        (Fault::RefusesOlder, vec!["disorder"], "sequence"),
        (
            Fault::VerifiesNothing,
            vec!["bad_signature", "old_timestamp"],
            "webhook-signature",
        ),
        (
            Fault::IgnoresTimestamps,
            vec!["old_timestamp"],
            "webhook-timestamp",
        ),
        (
            Fault::FailsOnBadSignatures,
            vec!["bad_signature", "old_timestamp"],
            "4xx",
        ),
    ] {
        let (_, report) = trial(&world, fault).await;
        assert_eq!(report["passed"], false);
        assert_eq!(that(&report, "failed"), failed, "{fault:?}");
        let scenes = report["scenes"].as_array().unwrap();
        let advice = scenes
            .iter()
            .filter(|scene| scene["result"] == "failed")
            .find_map(|scene| scene["advice"].as_str())
            .unwrap();
        assert!(advice.contains(word), "{fault:?}: {advice}");
    }
}

#[tokio::test]
async fn who_takes_nothing_is_told_so_and_asked_no_more() {
    let world = world().await;
    let (receiver, report) = trial(&world, Fault::RefusesAll).await;
    assert_eq!(that(&report, "failed"), ["good"]);
    assert_eq!(that(&report, "not_played").len(), 4);
    assert_eq!(receiver.received().len(), 1);
    let advice = report["scenes"][0]["advice"].as_str().unwrap();
    assert!(advice.contains("whsec_"), "{advice}");
    let nobody = webhook_to(&world, "http://127.0.0.1:1/").await;
    let path = format!("{}/conformance", at(&nobody));
    let report = world.as_("claire").act(&path).await.expect(200);
    assert_eq!(report["scenes"][0]["calls"][0]["error"], "connection");
    let advice = report["scenes"][0]["advice"].as_str().unwrap();
    assert!(advice.starts_with("Personne ne répond"), "{advice}");
}

#[tokio::test]
async fn a_receiver_may_be_tried_before_it_is_enabled() {
    let world = world().await;
    let receiver = Receiver::start().await;
    let webhook = webhook_to(&world, &receiver.url).await;
    let claire = world.as_("claire");
    claire
        .act(&format!("{}/disable", at(&webhook)))
        .await
        .expect(200);
    receiver.now(with(Fault::Nothing, webhook["secret"].as_str().unwrap()));
    let report = claire
        .act(&format!("{}/conformance", at(&webhook)))
        .await
        .expect(200);
    assert_eq!(report["passed"], true);
}
