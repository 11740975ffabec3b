//! A body and a query at their limits, at every operation of the API document: a new one is held to
//! them from its first day.

use futures_util::stream::{StreamExt, iter};
use tests::{Operation, World};

use super::bounded;
use crate::it::walks::{caller, nowhere};
use crate::world;

/// So many operations are asked at a time.
const AT_A_TIME: usize = 4;
/// The largest body, in bytes.
const LIMIT: usize = 1024 * 1024;

/// Each kind of body that grows on its way, and the content coding it says that it has.
fn bodies(operation: &Operation) -> Vec<(String, &'static str)> {
    let fill = |text: &str| text.repeat(LIMIT / 2 / text.len());
    let field = operation.fields("").into_iter().next();
    let field = field.unwrap_or_else(|| "a".to_owned());
    let zeros = "0,".repeat(24_000);
    vec![
        (format!("{{\"{}\":[{zeros}0]}}", fill("k")), "identity"),
        (
            format!("{{\"{}\":\"\\u0000\"}}", fill("\\u0001")),
            "identity",
        ),
        (
            format!("{}0{}", "[".repeat(100), "]".repeat(100)),
            "identity",
        ),
        (fill("[[{\"a\":"), "identity"),
        (format!("{{\"{field}\":[{zeros}0]}}"), "identity"),
        (
            format!("{{\"{field}\":\"{}\"}}", fill("\\u0001")),
            "identity",
        ),
        (format!("{{{}\"z\":0}}", numbered(20_000)), "identity"),
        (fill(" "), "gzip"),
    ]
}

/// So many fields that nobody declared.
fn numbered(count: usize) -> String {
    (0..count)
        .map(|number| format!("\"{number}\":0,"))
        .collect()
}

async fn attack(world: &World, operation: Operation) {
    let (client, path) = (caller(world, &operation), nowhere(&operation));
    if let Some(media_type) = operation.media_type() {
        for (body, coding) in bodies(&operation) {
            let headers = [
                ("if-match", "*"),
                ("content-type", media_type),
                ("content-encoding", coding),
            ];
            let answer = client
                .raw(operation.method.clone(), &path, body, &headers)
                .await;
            bounded(&answer);
            let status = answer.status;
            assert!(
                (400..500).contains(&status) || is_import(&operation),
                "{} {status}",
                operation.id
            );
            assert!(status < 500 && (coding == "identity" || status == 415));
        }
    }
    let mark = if path.contains('?') { '&' } else { '?' };
    let query: String = (0..4000)
        .map(|number| format!("&%01{number}=%00"))
        .collect();
    let path = format!("{path}{mark}{query}");
    let answer = client.raw(operation.method.clone(), &path, "", &[]).await;
    bounded(&answer);
    assert!((400..500).contains(&answer.status), "{}", operation.id);
}

/// A file, whose faults are reported row by row.
fn is_import(operation: &Operation) -> bool {
    operation.media_type() == Some("text/csv")
        || operation.description["requestBody"]["content"]["text/csv"].is_object()
}

#[tokio::test]
async fn no_operation_answers_a_bad_request_at_length() {
    let world = world().await;
    iter(Operation::all())
        .for_each_concurrent(AT_A_TIME, |operation| attack(&world, operation))
        .await;
}
