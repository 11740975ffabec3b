//! A PostgreSQL for the tests: the one of `TEST_DATABASE_URL`, or one of our own that lives as long
//! as this process.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

/// A server to make databases on.
pub(crate) struct Server {
    /// Everything of the URL before the database's name, and after it.
    before: String,
    after: String,
}

impl Server {
    pub(crate) fn url(&self, database: &str) -> String {
        format!("{}{database}{}", self.before, self.after)
    }
}

/// The server, started at the first use.
pub(crate) fn server() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| match std::env::var("TEST_DATABASE_URL") {
        Ok(url) => given(&url),
        Err(_) => start(),
    })
}

/// `postgres://user@host/database?options`: our databases stand beside the one named.
fn given(url: &str) -> Server {
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let (before, _) = address
        .rsplit_once('/')
        .expect("TEST_DATABASE_URL: no database in it");
    let after = if options.is_empty() {
        String::new()
    } else {
        format!("?{options}")
    };
    Server {
        before: format!("{before}/"),
        after,
    }
}

fn start() -> Server {
    let bin = binaries();
    let dir = tempfile::Builder::new()
        .prefix("livret-pg-")
        .tempdir()
        .unwrap()
        .keep();
    let data = dir.join("data");
    let is_root = std::fs::metadata("/proc/self")
        .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    if is_root {
        run(Command::new("chown").arg("postgres").arg(&dir));
    }
    let as_postgres = |program: &Path| {
        let mut command = if is_root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir("/");
        command
    };
    run(as_postgres(&bin.join("initdb"))
        .args([
            "--no-sync",
            "--auth=trust",
            "--username=postgres",
            "--encoding=UTF8",
            "-D",
        ])
        .arg(&data));
    // The shell holds the server until its standard input closes, when this process ends.
    let script = format!(
        "'{bin}/postgres' -D '{data}' -k '{dir}' -c listen_addresses= -c fsync=off \
         -c max_connections=500 -c shared_buffers=64MB & pid=$!; cat; kill -INT $pid; wait $pid; \
         rm -rf '{dir}'",
        bin = bin.display(),
        data = data.display(),
        dir = dir.display(),
    );
    let mut shell = as_postgres(Path::new("sh"))
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("cannot start PostgreSQL");
    std::mem::forget(shell.stdin.take());
    wait_until_ready(&bin, &dir);
    let host = dir.display().to_string().replace('/', "%2F");
    Server {
        before: format!("postgres://postgres@{host}:5432/"),
        after: String::new(),
    }
}

/// Debian's binaries, installed when they are missing and we may.
fn binaries() -> PathBuf {
    if let Some(found) = installed() {
        return found;
    }
    eprintln!("PostgreSQL is missing: installing Debian's package");
    let install =
        "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy postgresql";
    let _ = Command::new("sh")
        .args(["-c", install])
        .stdout(Stdio::null())
        .status();
    installed().expect(
        "these tests need PostgreSQL: install it (apt-get install postgresql) or name a server in \
         TEST_DATABASE_URL (postgres://user@host/postgres)",
    )
}

fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists())
        .max()
}

fn run(command: &mut Command) {
    let output = command
        .output()
        .expect("cannot run a command of PostgreSQL");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn wait_until_ready(bin: &Path, socket: &Path) {
    for _ in 0..200 {
        let ready = Command::new(bin.join("pg_isready"))
            .arg("-q")
            .arg("-h")
            .arg(socket)
            .status();
        if ready.is_ok_and(|status| status.success()) {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("PostgreSQL did not start within ten seconds");
}
