//! A body and a query at their limits, at every operation of the API document: a new one is held to
//! them from its first day.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::stream::{StreamExt, iter};
use tests::{Answer, Operation, World};

use super::bounded;
use crate::it::walks::{caller, nowhere};
use crate::world;

/// So many operations are asked at a time.
const AT_A_TIME: usize = 4;
/// How long the worker may compute until an answer is there: a quarter of a second, here twice as long, for
/// the code of tests is not optimised, and meanwhile it answers the others. Not by the clock, for other
/// tests run beside this one. The whole walk takes eight seconds of it.
const MOST: Duration = Duration::from_millis(250 * 2 * AT_A_TIME as u64);
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

/// The thread that answers; a world has one.
struct Worker(PathBuf);

impl Worker {
    async fn of(world: &World) -> Self {
        let seen = Arc::new(Mutex::new(PathBuf::new()));
        let note = seen.clone();
        world.state.db.show_statements(move |_| {
            let mut seen = note.lock().unwrap();
            if seen.as_os_str().is_empty() {
                *seen = fs::read_link("/proc/thread-self").unwrap();
            }
        });
        world.as_("claire").get("/v1/me").await.expect(200);
        let thread = seen.lock().unwrap().clone();
        Self(PathBuf::from("/proc").join(thread).join("schedstat"))
    }

    /// For how long it has computed since it began.
    fn computed(&self) -> Duration {
        let told = fs::read_to_string(&self.0).unwrap();
        let nanoseconds = told.split_whitespace().next().unwrap();
        Duration::from_nanos(nanoseconds.parse().unwrap())
    }

    /// Waits for an answer that keeps it busy for a moment only.
    async fn shortly(&self, operation: &Operation, answer: impl Future<Output = Answer>) -> Answer {
        let before = self.computed();
        let answer = answer.await;
        let took = self.computed() - before;
        assert!(
            took < MOST,
            "{} keeps a worker busy for {took:?}",
            operation.id
        );
        answer
    }
}

async fn attack(world: &World, worker: &Worker, operation: Operation) {
    let (client, path) = (caller(world, &operation), nowhere(&operation));
    if let Some(media_type) = operation.media_type() {
        for (body, coding) in bodies(&operation) {
            let headers = [
                ("if-match", "*"),
                ("content-type", media_type),
                ("content-encoding", coding),
            ];
            let answer = client.raw(operation.method.clone(), &path, body, &headers);
            let answer = worker.shortly(&operation, answer).await;
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
    let answer = client.raw(operation.method.clone(), &path, "", &[]);
    let answer = worker.shortly(&operation, answer).await;
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
    let worker = Worker::of(&world).await;
    iter(Operation::all())
        .for_each_concurrent(AT_A_TIME, |operation| attack(&world, &worker, operation))
        .await;
}
