//! What the tests have seen of the API document: each operation and status that was really answered,
//! for `tests/third_party/coverage.py` to measure.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{LazyLock, Mutex};

use serde_json::json;

/// `.ci/run` empties it before the tests, so that nothing old counts.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/seen");

/// What this process has written down already, and where.
struct Seen {
    answers: HashSet<(String, u16)>,
    file: File,
}

static SEEN: LazyLock<Mutex<Seen>> = LazyLock::new(|| {
    std::fs::create_dir_all(FOLDER).unwrap();
    let file = Path::new(FOLDER).join(format!("{}.jsonl", std::process::id()));
    let file = OpenOptions::new().create(true).append(true).open(file);
    Mutex::new(Seen {
        answers: HashSet::new(),
        file: file.unwrap(),
    })
});

/// Writes down, once per process, that this operation gave this answer, and that it was valid.
pub(crate) fn note(operation: &str, status: u16) {
    let mut seen = SEEN.lock().unwrap();
    if seen.answers.insert((operation.to_owned(), status)) {
        let line = json!({ "operation": operation, "status": status });
        writeln!(seen.file, "{line}").unwrap();
    }
}
