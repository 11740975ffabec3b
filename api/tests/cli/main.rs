//! The program `livret`, as an operator runs it.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod keys;
mod served;
mod trail;
mod watched;

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use tempfile::TempDir;

use self::served::{LOG, PASSWORD, Served, create_admin, livret};

#[test]
fn bad_settings_stop_the_start_with_a_sentence_that_names_the_variable() {
    let folder = TempDir::new().unwrap();
    for (variable, value) in [
        ("LIVRET_DATABASE_URL", "mysql://root@localhost/livret"),
        (
            "LIVRET_DATABASE_URL",
            "sqlite:///proc/nowhere/livret.db?mode=rwc",
        ),
        ("LIVRET_LISTEN", "everywhere"),
        ("LIVRET_LISTEN", "192.0.2.1:80"),
        ("LIVRET_PUBLIC_URL", "livret.example"),
        ("LIVRET_FRONT_URL", "https://app.example/"),
        ("LIVRET_RATE_LIMIT", "fast"),
        ("LIVRET_KEY_DIR", "/proc/nowhere"),
        ("LIVRET_ENV", "staging"),
        ("LIVRET_SQLITE_SYNCHRONOUS", "off"),
        ("LIVRET_WORKERS", "0"),
        ("LIVRET_DRAIN_SECONDS", "soon"),
        ("LIVRET_DATABASE_URL", "sqlite::memory:"),
        ("LIVRET_CORS_ORIGINS", "*"),
        ("LIVRET_TRUSTED_PROXIES", "the balancer"),
        ("LIVRET_CONCURRENCY", "0"),
        ("LIVRET_LOG", "=["),
        ("LIVRET_METRICS_LISTEN", "192.0.2.1:80"),
    ] {
        let output = livret(folder.path()).env(variable, value).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success(), "{variable}={value} was accepted");
        assert!(said.contains(variable), "{variable}={value}: {said}");
    }
}

#[test]
fn production_refuses_all_unsafe_settings_at_once() {
    let folder = TempDir::new().unwrap();
    let keys = folder.path().join("data");
    fs::create_dir(&keys).unwrap();
    fs::write(keys.join("token-1.pem"), "readable by everybody").unwrap();
    let output = livret(folder.path())
        .args(["serve", "--demo"])
        .env("LIVRET_ENV", "production")
        .env("LIVRET_RATE_LIMIT", "off")
        .env("LIVRET_ALLOW_LOCAL_TARGETS", "on")
        .env("LIVRET_FRONT_URL", "http://app.example")
        .env("LIVRET_SMTP_URL", "smtp://mail.example")
        .env(
            "LIVRET_CORS_ORIGINS",
            "http://front.example,https://app.example",
        )
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{said}");
    for unsafe_setting in [
        "LIVRET_PUBLIC_URL must",
        "LIVRET_RATE_LIMIT must",
        "LIVRET_FRONT_URL must",
        "origins, not http://front.example",
        "--demo makes",
        "LIVRET_ALLOW_LOCAL_TARGETS must",
        "LIVRET_SMTP_URL must",
        "LIVRET_KEY_DIR: data must hold",
        "others can read data/token-1.pem",
    ] {
        assert!(said.contains(unsafe_setting), "{unsafe_setting}: {said}");
    }
    assert!(!said.contains("app.example"), "{said}");
    assert!(!folder.path().join("data/livret.db").exists());
}

#[test]
fn production_starts_with_safe_settings() {
    let folder = TempDir::new().unwrap();
    assert!(Served::start(folder.path()).stop().success());
    let safe = [
        ("LIVRET_ENV", "production"),
        ("LIVRET_RATE_LIMIT", "200"),
        ("LIVRET_PUBLIC_URL", "https://livret.example"),
        ("LIVRET_TRUSTED_PROXIES", "127.0.0.1,fd00::/8"),
    ];
    let served = Served::start_with(folder.path(), &safe);
    let answer = served.get("/v1/me");
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(
        answer.contains("strict-transport-security: max-age=31536000"),
        "{answer}"
    );
    assert!(served.stop().success());
}

#[test]
fn it_serves_stops_in_order_and_serves_again_with_the_same_keys() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(folder.path());
    let keys = folder.path().join("data");
    for key in ["token-1.pem", "mac.key"] {
        let mode = fs::metadata(keys.join(key)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{key}");
    }
    let before = fs::read(keys.join("token-1.pem")).unwrap();
    assert!(served.get("/health/live").contains("\"live\""));
    assert!(served.stop().success());
    let again = Served::start(folder.path());
    assert_eq!(fs::read(keys.join("token-1.pem")).unwrap(), before);
    assert!(again.stop().success());
}

#[test]
fn who_asks_too_often_is_told_when_to_come_back() {
    let folder = TempDir::new().unwrap();
    let served = Served::start_with(folder.path(), &[("LIVRET_RATE_LIMIT", "1")]);
    let answers: Vec<String> = (0..6)
        .map(|_| served.log_in("nobody@livret.example"))
        .collect();
    let refused = answers
        .iter()
        .find(|answer| answer.starts_with("HTTP/1.1 429"));
    let refused = refused.unwrap().to_lowercase();
    assert!(refused.contains("retry-after: 1") && refused.contains("too_many_requests"));
    assert!(answers[0].starts_with("HTTP/1.1 401"), "{}", answers[0]);
    assert!(served.get("/health/live").starts_with("HTTP/1.1 200"));
}

#[test]
fn a_database_may_lie_in_the_present_folder() {
    let folder = TempDir::new().unwrap();
    let migrate = |url: &str| {
        let mut command = livret(folder.path());
        command.arg("migrate").env("LIVRET_DATABASE_URL", url);
        assert!(command.status().unwrap().success(), "{url}");
    };
    migrate("sqlite://here.db?mode=rwc");
    migrate("sqlite:there.db?mode=rwc");
    assert!(folder.path().join("here.db").exists() && folder.path().join("there.db").exists());
}

#[test]
fn an_administrator_is_made_beside_a_live_server() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(folder.path());
    let (email, other) = ("ada@livret.example", "Ada@Livret.example");
    let made = create_admin(folder.path(), email, &format!("{PASSWORD}\n"));
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success() && said.contains(email), "{said}");
    assert!(served.log_in(other).starts_with("HTTP/1.1 200"));
    for (email, password, complaint) in [
        (other, PASSWORD, "already"),
        ("nobody", PASSWORD, "--email"),
        ("b@livret.example", "court", "8 to 128"),
        ("b@livret.example", "motdepasse", "guess"),
    ] {
        let refused = create_admin(folder.path(), email, password);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(
            !refused.status.success() && said.contains(complaint),
            "{said}"
        );
    }
}

#[test]
fn migrations_are_applied_and_undone_and_the_contract_printed() {
    let folder = TempDir::new().unwrap();
    let run = |arguments: &[&str]| {
        let output = livret(folder.path()).args(arguments).output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["migrate"]);
    run(&["migrate", "--down", "2"]);
    run(&["migrate"]);
    let contract: serde_json::Value = serde_json::from_str(&run(&["openapi"])).unwrap();
    assert_eq!(
        contract.get("openapi").and_then(|version| version.as_str()),
        Some("3.1.0")
    );
}

#[test]
fn who_reads_the_first_line_of_the_contract_alone_sees_no_fault() {
    let folder = TempDir::new().unwrap();
    let mut child = livret(folder.path())
        .arg("openapi")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0];
    // Reads a byte and closes the pipe, which holds less than the API document.
    let mut contract = child.stdout.take().unwrap();
    contract.read_exact(&mut first).unwrap();
    drop(contract);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((&first, &*said), (b"{", ""));
    assert!(output.status.success());
}

/// A line for each request that is none would fill the disk, and call whoever watches for errors.
#[test]
fn what_strangers_send_that_is_no_http_is_no_error_of_the_service() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(folder.path());
    let nul = "GET /v1/me HTTP/1.1\r\nHost: livret\r\nX: a\0b\r\n\r\n";
    for nonsense in ["nonsense\r\n\r\n", nul] {
        let answer = served.request(nonsense);
        assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
    }
    assert!(served.stop().success());
    let log = fs::read_to_string(folder.path().join(LOG)).unwrap();
    assert!(!log.contains("ERROR"), "{log}");
}
