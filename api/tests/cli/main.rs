//! The program `livret`, as an operator runs it.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use sea_orm::ConnectionTrait;
use tempfile::TempDir;

const PASSWORD: &str = "quatre chevaux mauves";

fn livret(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_livret"));
    command
        .current_dir(folder)
        .env_clear()
        .env("LIVRET_LOG", "warn");
    command
}

fn create_admin(folder: &Path, email: &str, password: &str) -> Output {
    let mut child = livret(folder)
        .args(["create-admin", "--email", email, "--password-stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(password.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

/// A served database, ended with the test.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[("LIVRET_RATE_LIMIT", "off")])
    }

    fn start_with(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let address = format!("127.0.0.1:{port}");
        let child = livret(folder)
            .env("LIVRET_LISTEN", &address)
            .envs(settings.iter().copied())
            .spawn()
            .unwrap();
        let served = Self { child, address };
        for _ in 0..200 {
            if served.get("/health/ready").starts_with("HTTP/1.1 200") {
                return served;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("not ready within ten seconds");
    }

    fn get(&self, path: &str) -> String {
        self.request(&format!(
            "GET {path} HTTP/1.1\r\nHost: livret\r\nConnection: close\r\n\r\n"
        ))
    }

    fn log_in(&self, email: &str) -> String {
        let body = format!(r#"{{"email":"{email}","password":"{PASSWORD}"}}"#);
        self.request(&format!(
            "POST /v1/auth/login HTTP/1.1\r\nHost: livret\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    fn request(&self, text: &str) -> String {
        let mut answer = String::new();
        if let Ok(mut stream) = TcpStream::connect(&self.address) {
            stream.write_all(text.as_bytes()).unwrap();
            let _ = stream.read_to_string(&mut answer);
        }
        answer
    }

    /// SIGTERM, as a supervisor sends it.
    fn stop(mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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
    assert!(
        create_admin(folder.path(), email, &format!("{PASSWORD}\n"))
            .status
            .success()
    );
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
    // Reads a byte and closes the pipe, which holds less than the contract.
    let mut contract = child.stdout.take().unwrap();
    contract.read_exact(&mut first).unwrap();
    drop(contract);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!((&first, &*said), (b"{", ""));
    assert!(output.status.success());
}

/// Somebody with the database and without the keys.
fn tamper(folder: &Path, sql: &str) {
    let url = format!("sqlite://{}", folder.join("data/livret.db").display());
    let change = async {
        let db = sea_orm::Database::connect(url).await.unwrap();
        let changed = db.execute_unprepared(sql).await.unwrap();
        assert_eq!(changed.rows_affected(), 1, "{sql}");
        db.close().await.unwrap();
    };
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(change);
}

/// Exit code, what was printed, what was complained of.
fn verify_audit(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = livret(folder);
    let output = command.arg("verify-audit").args(arguments).output();
    let output = output.unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn what_the_last_requests_left_is_written_and_chained_before_the_end() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(folder.path());
    let email = "ada@livret.example";
    create_admin(folder.path(), email, PASSWORD);
    assert!(served.log_in(email).starts_with("HTTP/1.1 200"));
    let (code, _, complaint) = verify_audit(folder.path(), &[]);
    assert_eq!(code, Some(0), "beside a live server: {complaint}");
    assert!(served.stop().success());
    let (code, heads, complaint) = verify_audit(folder.path(), &[]);
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    // The account that was made, and the sign-in.
    assert!(heads.starts_with("platform:2:"), "{heads}");
}

#[test]
fn a_changed_audit_trail_is_complained_of_and_exits_with_1() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(folder.path());
    create_admin(folder.path(), "ada@livret.example", PASSWORD);
    served.log_in("ada@livret.example");
    assert!(served.stop().success());
    let (_, heads, _) = verify_audit(folder.path(), &[]);
    let noted = folder.path().join("heads.txt");
    fs::write(&noted, &heads).unwrap();
    let expected = ["--expect-file", noted.to_str().unwrap()];
    assert_eq!(verify_audit(folder.path(), &expected).0, Some(0));

    tamper(folder.path(), "UPDATE events SET actor_role = 'admin'");
    let (code, _, complaint) = verify_audit(folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert!(complaint.contains("position 1 (event 1)"), "{complaint}");
    tamper(folder.path(), "UPDATE events SET actor_role = 'system'");

    tamper(folder.path(), "DELETE FROM access_entries");
    tamper(folder.path(), "DELETE FROM audit_links WHERE position = 2");
    assert_eq!(verify_audit(folder.path(), &[]).0, Some(0));
    for noted in [&expected[..], &["--expect", heads.trim()]] {
        let (code, _, complaint) = verify_audit(folder.path(), noted);
        assert_eq!(code, Some(1), "{noted:?}");
        assert!(complaint.contains("its end was cut off"), "{complaint}");
    }

    let keys = folder.path().join("data");
    fs::rename(keys.join("mac.key"), keys.join("old.key")).unwrap();
    let (code, _, complaint) = verify_audit(folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert!(complaint.contains("LIVRET_KEY_DIR"), "{complaint}");
    assert!(Served::start(folder.path()).stop().success());
    let (code, _, complaint) = verify_audit(folder.path(), &[]);
    assert_eq!(code, Some(1));
    assert!(complaint.contains("--former-key"), "{complaint}");
    let former = keys.join("old.key");
    let former = ["--former-key", former.to_str().unwrap()];
    assert_eq!(verify_audit(folder.path(), &former).0, Some(0));

    for wrong in [["--expect", "nonsense"], ["--organization", "horizon"]] {
        assert_eq!(verify_audit(folder.path(), &wrong).0, Some(2));
    }
}

#[test]
fn keys_are_rotated_beside_a_live_server() {
    let folder = TempDir::new().unwrap();
    let served = Served::start(folder.path());
    let email = "ada@livret.example";
    assert!(
        create_admin(folder.path(), email, PASSWORD)
            .status
            .success()
    );
    let rotate = |arguments: &[&str]| {
        let mut command = livret(folder.path());
        command.arg("rotate-keys").args(arguments).output().unwrap()
    };
    let said = |output: &Output| {
        let text = [&*output.stdout, &*output.stderr].concat();
        String::from_utf8(text).unwrap()
    };
    let published = || {
        // What it read a moment ago it does not read again.
        std::thread::sleep(Duration::from_millis(1100));
        served.get("/.well-known/jwks.json").matches("kid").count()
    };
    let token = || {
        let answer = served.log_in(email);
        let (_, rest) = answer.split_once("\"access_token\":\"").unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let status = |token: &str| {
        let answer = served.request(&format!(
            "GET /v1/me HTTP/1.1\r\nHost: livret\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\r\n"
        ));
        answer.get(9..12).unwrap_or_default().to_owned()
    };
    let before = token();
    assert_eq!(published(), 1);
    let made = rotate(&[]);
    assert!(made.status.success() && said(&made).contains("it signs from"));
    assert_eq!(published(), 2);
    let key_of = |token: &str| token.split('.').next().unwrap().to_owned();
    assert_eq!(key_of(&token()), key_of(&before));
    let again = rotate(&[]);
    assert!(!again.status.success() && said(&again).contains("signs from"));
    assert!(rotate(&["--retire"]).status.success());
    assert_eq!((published(), status(&before).as_str()), (2, "200"));

    assert!(!rotate(&["--retire", "--at-once"]).status.success());
    assert!(rotate(&["--at-once"]).status.success());
    assert_eq!((published(), status(&before).as_str()), (1, "401"));
    let after = token();
    assert_ne!(key_of(&after), key_of(&before));
    assert_eq!(status(&after), "200");
    for file in fs::read_dir(folder.path().join("data")).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        if name.ends_with(".pem") || name == "mac.key" {
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }
}
