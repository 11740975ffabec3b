//! What an operator sees of the service without asking anybody.

use std::fs;
use std::net::TcpListener;
use std::process::{Output, Stdio};

use tempfile::TempDir;

use crate::served::{LOG, Served, get, livret};

fn said(output: &Output) -> String {
    let both = [&output.stdout, &output.stderr];
    both.map(|text| String::from_utf8_lossy(text).into_owned())
        .concat()
}

#[test]
fn it_says_its_name_and_version() {
    let folder = TempDir::new().unwrap();
    let output = livret(folder.path()).arg("--version").output().unwrap();
    let expected = format!("livret {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(said(&output), expected);
}

#[test]
fn a_database_out_of_reach_is_named_with_the_cause() {
    let folder = TempDir::new().unwrap();
    let output = livret(folder.path())
        .env(
            "LIVRET_DATABASE_URL",
            "postgres://livret:secret@127.0.0.1:1/livret",
        )
        .env("LIVRET_DATABASE_WAIT", "0")
        .output()
        .unwrap();
    let said = said(&output);
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains("127.0.0.1:1: ") && said.contains("refused"),
        "{said}"
    );
    assert!(!said.contains("secret"), "{said}");
}

#[test]
fn the_log_is_in_lines_of_json_where_that_is_wanted() {
    let folder = TempDir::new().unwrap();
    let json = [("LIVRET_LOG_FORMAT", "json"), ("LIVRET_LOG", "info")];
    assert!(Served::start_with(folder.path(), &json).stop().success());
    let log = fs::read_to_string(folder.path().join(LOG)).unwrap();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let told = |message: &str| {
        lines
            .iter()
            .filter(|line| line["message"] == message)
            .count()
    };
    assert_eq!(told("the database is migrated"), 1, "{log}");
    assert!(told("answered") > 0, "{log}");
    let wrong = livret(folder.path())
        .env("LIVRET_LOG_FORMAT", "xml")
        .output()
        .unwrap();
    assert!(
        said(&wrong).contains("LIVRET_LOG_FORMAT"),
        "{}",
        said(&wrong)
    );
}

#[test]
fn figures_are_told_on_a_listener_of_their_own() {
    let folder = TempDir::new().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let served = Served::start_with(folder.path(), &[("LIVRET_METRICS_LISTEN", &address)]);
    assert!(served.get("/metrics").starts_with("HTTP/1.1 404"));
    let figures = get(&address, "/metrics");
    assert!(figures.contains("livret_ready 1\n"), "{figures}");
    assert!(
        figures.contains("application/openmetrics-text"),
        "{figures}"
    );
    assert!(figures.contains("livret_sqlite_log_bytes "), "{figures}");
    assert!(served.stop().success());
}

#[test]
fn the_doctor_says_what_is_broken_and_what_to_mind() {
    let folder = TempDir::new().unwrap();
    let looked = |settings: &[(&str, &str)], arguments: &[&str]| {
        let mut command = livret(folder.path());
        command.arg("doctor").args(arguments);
        command.envs(settings.iter().copied()).output().unwrap()
    };
    let line = |output: &Output, mark: &str, what: &str| {
        let all = said(output);
        let found = all
            .lines()
            .any(|line| line.starts_with(mark) && line.split_whitespace().nth(1) == Some(what));
        assert!(found, "{mark} {what}: {all}");
    };
    let new = looked(&[], &[]);
    line(&new, "mind", "database");
    line(&new, "mind", "mail");
    assert!(new.status.success());
    assert!(Served::start(folder.path()).stop().success());
    let copies = folder.path().join("copies");
    fs::create_dir(&copies).unwrap();
    let copies = copies.display().to_string();
    let before = looked(&[], &["--copies", &copies]);
    line(&before, "ok", "database");
    line(&before, "ok", "keys");
    line(&before, "ok", "disk");
    line(&before, "mind", "backups");
    let file = format!("{copies}/livret");
    let copied = livret(folder.path()).args(["backup", &file]).output();
    assert!(copied.unwrap().status.success());
    line(&looked(&[], &["--copies", &copies]), "ok", "backups");
    let broken = looked(&[("LIVRET_ENV", "production")], &[]);
    line(&broken, "BROKEN", "settings");
    assert_eq!(broken.status.code(), Some(1));
    let nowhere = [("LIVRET_DATABASE_URL", "postgres://x@127.0.0.1:1/x")];
    line(&looked(&nowhere, &[]), "BROKEN", "database");
}

/// A pipe holds 64 KiB, and who wrote a line into a full one waited for its reader.
#[test]
fn who_stops_reading_the_log_keeps_nobody_waiting() {
    let folder = TempDir::new().unwrap();
    let settings = [("LIVRET_RATE_LIMIT", "off"), ("LIVRET_LOG", "info")];
    let served = Served::logging_to(Stdio::piped(), folder.path(), &settings);
    for _ in 0..600 {
        let answer = served.get("/v1/labels");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert!(served.stop().success());
}
