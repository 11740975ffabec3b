//! The program on a folder of its own, and what it serves.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

/// What a served database logs, in its folder.
pub(crate) const LOG: &str = "served.log";
pub(crate) const PASSWORD: &str = "quatre chevaux mauves";

pub(crate) fn livret(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_livret"));
    command
        .current_dir(folder)
        .env_clear()
        .env("LIVRET_LOG", "warn");
    command
}

pub(crate) fn create_admin(folder: &Path, email: &str, password: &str) -> Output {
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
pub(crate) struct Served {
    child: Child,
    address: String,
}

impl Served {
    pub(crate) fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[("LIVRET_RATE_LIMIT", "off")])
    }

    pub(crate) fn start_with(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let log = File::create(folder.join(LOG)).unwrap();
        Self::logging_to(log, folder, settings)
    }

    pub(crate) fn logging_to(
        log: impl Into<Stdio>,
        folder: &Path,
        settings: &[(&str, &str)],
    ) -> Self {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let address = format!("127.0.0.1:{port}");
        let child = livret(folder)
            .env("LIVRET_LISTEN", &address)
            .envs(settings.iter().copied())
            .stderr(log)
            .spawn()
            .unwrap();
        let served = Self { child, address };
        for _ in 0..200 {
            if served.get("/health/ready").starts_with("HTTP/1.1 200") {
                return served;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(folder.join(LOG)).unwrap_or_default();
        panic!("not ready within ten seconds: {log}");
    }

    pub(crate) fn get(&self, path: &str) -> String {
        get(&self.address, path)
    }

    pub(crate) fn log_in(&self, email: &str) -> String {
        let body = format!(r#"{{"email":"{email}","password":"{PASSWORD}"}}"#);
        self.request(&format!(
            "POST /v1/auth/login HTTP/1.1\r\nHost: livret\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    pub(crate) fn request(&self, text: &str) -> String {
        request(&self.address, text)
    }

    /// SIGTERM, as a supervisor sends it.
    pub(crate) fn stop(mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.child.wait().unwrap()
    }
}

/// What is answered at an address.
pub(crate) fn get(address: &str, path: &str) -> String {
    let text = format!("GET {path} HTTP/1.1\r\nHost: livret\r\nConnection: close\r\n\r\n");
    request(address, &text)
}

fn request(address: &str, text: &str) -> String {
    let mut answer = String::new();
    if let Ok(mut stream) = TcpStream::connect(address) {
        // A service that stalls is a failure, not a wait.
        let patience = Some(Duration::from_secs(20));
        stream.set_read_timeout(patience).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        let _ = stream.read_to_string(&mut answer);
    }
    answer
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
