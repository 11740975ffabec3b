//! The audit trail: bound before the end, and verified.

use std::fs;
use std::path::Path;

use sea_orm::ConnectionTrait;
use tempfile::TempDir;

use crate::served::{PASSWORD, Served, create_admin, livret};

/// Somebody with the database and without the keys.
fn tamper(folder: &Path, sql: &str) {
    assert_eq!(changed(folder, sql), 1, "{sql}");
}

/// How many rows that changes.
fn changed(folder: &Path, sql: &str) -> u64 {
    let url = format!("sqlite://{}", folder.join("data/livret.db").display());
    let change = async {
        let db = sea_orm::Database::connect(url).await.unwrap();
        let changed = db.execute_unprepared(sql).await.unwrap();
        db.close().await.unwrap();
        changed.rows_affected()
    };
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(change)
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
    assert!(complaint.contains("(event 1)"), "{complaint}");
    tamper(folder.path(), "UPDATE events SET actor_role = 'system'");

    // Which comes last, the line of the sign-in or the event, is up to who was quicker.
    let last = "= (SELECT max(position) FROM audit_links)";
    let rows = ["events", "access_entries"].map(|table| {
        let cut = format!("DELETE FROM {table} WHERE link {last}");
        changed(folder.path(), &cut)
    });
    assert_eq!(rows.iter().sum::<u64>(), 1);
    let link = format!("DELETE FROM audit_links WHERE position {last}");
    tamper(folder.path(), &link);
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
