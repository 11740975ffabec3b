//! The keys, rotated.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;
use std::time::Duration;

use tempfile::TempDir;

use crate::served::{PASSWORD, Served, create_admin, livret};

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
