//! The examples of the API document: complete, valid, recorded from the service itself, and working
//! unchanged on the demo data, whatever the day.

mod declared;
mod lines;
mod record;
mod request;
mod statements;
mod told;
mod writes;

use std::path::PathBuf;

use futures_util::{StreamExt, stream};
use serde_json::{Map, Value, json};
use tests::{Demo, World};

use request::Request;

/// So many requests are under way at once.
const AT_A_TIME: usize = 4;
/// The day of the record: a Monday.
const RECORDED_AT: &str = "2026-11-23T10:00:00Z";
/// Another day: of a leap year, and a Sunday.
const ANOTHER_DAY: &str = "2032-02-29T21:30:00Z";

#[tokio::test]
async fn the_recorded_examples_are_what_the_service_answers() {
    let demo = crate::demo(RECORDED_AT).await;
    let document = tests::declared();
    let untouched = demo.copy().await;
    let requests = stream::iter(lines::requests(document, &demo))
        .then(|request| request.with_version(&demo, &untouched))
        .collect();
    let requests = requests.await;
    let record: Map<String, Value> = play_all(&demo, requests).await.into_iter().collect();
    let record = serde_json::to_string_pretty(&record).unwrap() + "\n";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../openapi/examples.json");
    if std::fs::read_to_string(&path).unwrap_or_default() != record {
        std::fs::write(&path, record).unwrap();
        panic!(
            "openapi/examples.json was stale and has been rewritten: read the change, then commit it"
        );
    }
}

#[tokio::test]
async fn the_examples_of_the_contract_work_unchanged_on_any_day() {
    let demo = crate::demo(ANOTHER_DAY).await;
    let mut requests = request::all(&demo);
    // Writes are played in `writes`, and more than once.
    requests.retain(|request| !request.operation.takes("Prefer"));
    let count = requests.len();
    assert_eq!(play_all(&demo, requests).await.len(), count);
}

/// Sends each request to the demo as it was told, and gives what is recorded of it.
async fn play_all(demo: &Demo, requests: Vec<Request>) -> Vec<(String, Value)> {
    let untouched = demo.copy().await;
    let played: Vec<_> = stream::iter(requests)
        .map(|request| play(demo, &untouched, request))
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await;
    let faults: Vec<&str> = played
        .iter()
        .filter_map(|played| played.as_ref().err().map(String::as_str))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    played.into_iter().flatten().collect()
}

/// Reads share one copy; what changes something has one of its own.
async fn play(demo: &Demo, untouched: &World, request: Request) -> Result<(String, Value), String> {
    let own = match request.operation.method.as_str() {
        "GET" => None,
        _ => Some(demo.copy().await),
    };
    let world = own.as_ref().unwrap_or(untouched);
    let answer = request.send(demo, world).await;
    let id = request.operation.id.clone();
    let finds_nothing = answer.body["items"] == json!([]);
    if answer.status != request.expected_status() || finds_nothing {
        let Request {
            account,
            parameters,
            body,
            ..
        } = request;
        return Err(format!(
            "{id} {account} {parameters:?} {body:?}: {} {}",
            answer.status, answer.body
        ));
    }
    Ok((id, record::entry(demo, &request, answer.body)))
}
