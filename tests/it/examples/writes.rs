//! Every write of the API document, played on a copy of the demo: it heeds the version that was read,
//! can be rehearsed, and has one effect however often it is sent.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Answer, Demo, Operation, World};

use super::request::{self, Request};
use super::{ANOTHER_DAY, AT_A_TIME, record};
use crate::it::rows::{everything, place_all};

/// Rows by table.
type Snapshot = BTreeMap<String, Vec<String>>;

/// Answers that were kept, for those who ask again: no effect of a write.
const KEPT_ANSWERS: &str = "idempotency_keys";

#[test]
fn every_write_can_be_rehearsed_and_every_post_repeated_but_where_tokens_are_made() {
    for operation in Operation::all() {
        let id = &operation.id;
        let is_known = operation.policy().is_some();
        let writes = operation.method != Method::GET && is_known;
        let posts = writes && operation.method == Method::POST;
        assert_eq!(operation.takes("Prefer"), writes, "{id}");
        assert_eq!(operation.takes("Idempotency-Key"), posts, "{id}");
        let changes = writes && !posts && !operation.is_upsert();
        // Who signs names what they have read.
        let needs_version = changes || id == "sign_contract";
        assert_eq!(operation.documents(428), needs_version, "{id}");
        let heeds_versions = operation.documents(412);
        assert_eq!(operation.takes("If-Match"), heeds_versions, "{id}");
        if operation.method != Method::GET && !is_known {
            let (auth, oauth) = ("/v1/auth/", "/oauth/");
            let makes_tokens = [auth, oauth].map(|path| operation.path.starts_with(path));
            assert!(makes_tokens.contains(&true), "{id}");
        }
    }
}

#[tokio::test]
async fn every_write_heeds_versions_can_be_rehearsed_and_has_one_effect_however_often_it_is_sent() {
    let demo = crate::demo(ANOTHER_DAY).await;
    let mut writes = request::all(&demo);
    writes.retain(|request| request.operation.takes("Prefer"));
    assert!(writes.len() >= 84, "only {} writes", writes.len());
    let copy = demo.copy().await;
    place_all(&copy).await;
    let untouched = everything(&copy).await;
    stream::iter(writes)
        .for_each_concurrent(AT_A_TIME, |request| play(&demo, &untouched, request))
        .await;
}

async fn play(demo: &Demo, untouched: &Snapshot, request: Request) {
    let world = demo.copy().await;
    place_all(&world).await;
    let id = request.operation.id.as_str();
    heeds_versions(demo, &world, &request).await;
    let rehearsed = request.clone().with("Prefer", "dry-run");
    let rehearsed = succeeds(&request, rehearsed.send(demo, &world).await);
    assert_eq!(
        rehearsed.header("preference-applied"),
        Some("dry-run"),
        "{id}"
    );
    assert_eq!(rehearsed.header("idempotent-replayed"), None, "{id}");
    let changed = differences(untouched, &everything(&world).await);
    assert!(
        changed.is_empty(),
        "{id} changed {changed:?} before it was done"
    );

    let done = succeeds(&request, request.send(demo, &world).await);
    for header in ["preference-applied", "idempotent-replayed"] {
        assert_eq!(done.header(header), None, "{id} {header}");
    }
    for header in ["content-type", "etag"] {
        assert_eq!(
            rehearsed.header(header),
            done.header(header),
            "{id} {header}"
        );
    }
    assert_eq!(settled(&rehearsed), settled(&done), "{id}");
    let after = everything(&world).await;
    let mut changed = differences(untouched, &after);
    let is_kept = changed.remove(KEPT_ANSWERS);
    assert_eq!(is_kept, request.operation.takes("Idempotency-Key"), "{id}");
    assert!(!changed.is_empty(), "{id} changes nothing");

    if request.operation.takes("Idempotency-Key") {
        is_repeated(demo, &world, &request, done).await;
    } else {
        let again = request.send(demo, &world).await;
        let any_version = request.parameters["If-Match"] == "*";
        let is_past = [404, 412].contains(&again.status);
        assert!(any_version || is_past, "{id} {}", again.status);
    }
    let changed = differences(&after, &everything(&world).await);
    assert!(changed.is_empty(), "{id} changed {changed:?} once more");
}

/// With another version than the object's, and without one where one is needed.
async fn heeds_versions(demo: &Demo, world: &World, request: &Request) {
    if request.operation.documents(412) {
        let stale = request.clone().with("If-Match", "\"999\"");
        stale.send(demo, world).await.refused(412, "stale");
        // A proxy's weak etag, and one without its quotes: to read again would not help.
        for other in ["W/\"1\"", "1"] {
            let malformed = request.clone().with("If-Match", other);
            malformed
                .send(demo, world)
                .await
                .refused(412, "invalid_etag");
        }
    }
    if request.operation.documents(428) {
        let unread = request.clone().without("If-Match");
        let answer = unread.send(demo, world).await;
        answer.refused(428, "precondition_required");
    }
}

/// The same again is answered as it was, but for what is shown once; another body is refused.
async fn is_repeated(demo: &Demo, world: &World, request: &Request, done: Answer) {
    let id = request.operation.id.as_str();
    let again = succeeds(request, request.send(demo, world).await);
    assert_eq!(again.header("idempotent-replayed"), Some("true"), "{id}");
    for header in ["content-type", "etag", "location"] {
        assert_eq!(again.header(header), done.header(header), "{id} {header}");
    }
    let mut shown = done.body;
    for secret in request.operation.secrets(&done.status.to_string()) {
        let fields = shown.as_object_mut().unwrap();
        assert!(fields.remove(secret).is_some(), "{id} {secret}");
    }
    assert_eq!(again.body, shown, "{id}");
    let mut other = request.clone();
    match &mut other.body {
        Some(Value::String(file)) => file.push_str("\n{}"),
        body => body.get_or_insert(json!({}))["something_else"] = json!(true),
    }
    let answer = other.send(demo, world).await;
    answer.refused(422, "idempotency_key_reused");
}

#[track_caller]
fn succeeds(request: &Request, answer: Answer) -> Answer {
    let expected = request.expected_status();
    let id = &request.operation.id;
    assert_eq!(answer.status, expected, "{id} {:#}", answer.body);
    answer
}

/// The body as it is at any time.
fn settled(answer: &Answer) -> Value {
    let mut body = answer.body.clone();
    record::settle(&mut body);
    body
}

/// The tables whose rows differ.
fn differences(before: &Snapshot, after: &Snapshot) -> BTreeSet<String> {
    let tables = before.keys().chain(after.keys());
    let differing = tables.filter(|table| before.get(*table) != after.get(*table));
    differing.cloned().collect()
}
