//! What a request may cost is bounded before it is spent, and whoever asks for more is told so.

mod bodies;
mod codings;
mod everywhere;
mod passwords;
mod queries;
mod reports;

use std::time::{Duration, Instant};

use tests::Answer;

/// The largest answer to a bad request, in bytes.
pub(super) const LARGEST: usize = 64 * 1024;

/// Waits for an answer, and says how long that took.
pub(super) async fn timed(request: impl Future<Output = Answer>) -> (Answer, Duration) {
    let began = Instant::now();
    let answer = request.await;
    (answer, began.elapsed())
}

/// The longest pointer, in characters.
#[track_caller]
pub(super) fn bounded(answer: &Answer) {
    assert!(
        answer.bytes.len() <= LARGEST,
        "{} bytes",
        answer.bytes.len()
    );
    let faults = answer.body["errors"].as_array().into_iter().flatten();
    for fault in faults {
        let pointer = fault["pointer"].as_str().unwrap();
        assert!(pointer.chars().count() <= 500, "{}", pointer.len());
    }
}
