//! What a transaction leaves behind that SQLite ended by itself (ADR 21).

use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use clap::Parser;
use sea_orm::ConnectionTrait;
use tempfile::TempDir;
use uuid::Uuid;

use super::{Database, is_read_only, is_unavailable, options};
use crate::foundation::config::Config;

#[derive(Parser)]
struct Settings {
    #[command(flatten)]
    config: Config,
}

fn config(folder: &TempDir) -> Config {
    let url = format!("sqlite://{}/livret.db?mode=rwc", folder.path().display());
    Settings::parse_from(["livret", "--database-url", &url]).config
}

/// No page more than there are: as a full disk.
const FULL: &str = "PRAGMA max_page_count = 1";
const TABLE: &str = "CREATE TABLE kept (what TEXT)";
const TOO_LARGE: &str = "INSERT INTO kept VALUES (hex(zeroblob(100000)))";

/// How many rows somebody else sees.
async fn kept(config: &Config) -> i64 {
    let other = sea_orm::Database::connect(options::alone(config).unwrap());
    let other = other.await.unwrap();
    let count =
        sea_orm::Statement::from_string(other.get_database_backend(), "SELECT count(*) FROM kept");
    let row = other.query_one_raw(count).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn what_is_committed_after_a_full_disk_is_kept() {
    let folder = TempDir::new().unwrap();
    let config = config(&folder);
    let db = Database::open(&config).await.unwrap();
    db.writer().execute_unprepared(TABLE).await.unwrap();
    for round in 0..3 {
        db.writer().execute_unprepared(FULL).await.unwrap();
        let txn = db.begin().await.unwrap();
        txn.execute_unprepared(TOO_LARGE).await.unwrap_err();
        drop(txn);
        // A refusal of any kind.
        let txn = db.begin().await.unwrap();
        txn.execute_unprepared("SELECT what FROM kept")
            .await
            .unwrap();
        drop(txn);

        let txn = db.begin().await.unwrap();
        txn.execute_unprepared("INSERT INTO kept VALUES ('after')")
            .await
            .unwrap();
        txn.commit().await.unwrap();
        assert_eq!(kept(&config).await, round + 1);
    }
}

#[tokio::test]
async fn what_follows_a_full_disk_in_its_transaction_is_not_kept() {
    let folder = TempDir::new().unwrap();
    let config = config(&folder);
    let db = Database::open(&config).await.unwrap();
    db.writer().execute_unprepared(TABLE).await.unwrap();
    db.writer().execute_unprepared(FULL).await.unwrap();
    let txn = db.begin().await.unwrap();
    txn.execute_unprepared(TOO_LARGE).await.unwrap_err();
    let alone = "INSERT INTO kept VALUES ('alone')";
    txn.execute_unprepared(alone).await.unwrap_err();
    txn.commit().await.unwrap_err();
    assert_eq!(kept(&config).await, 0);
}

#[tokio::test]
async fn nothing_is_acknowledged_while_the_file_is_not_where_it_was() {
    let folder = TempDir::new().unwrap();
    let config = config(&folder);
    let db = Database::open(&config).await.unwrap();
    db.writer().execute_unprepared(TABLE).await.unwrap();
    let (file, elsewhere) = (folder.path().join("livret.db"), folder.path().join("away"));
    let row = "INSERT INTO kept VALUES ('row')";

    let txn = db.begin().await.unwrap();
    txn.execute_unprepared(row).await.unwrap();
    std::fs::rename(&file, &elsewhere).unwrap();
    txn.commit().await.unwrap_err();
    db.begin().await.unwrap_err();
    std::fs::copy(&elsewhere, &file).unwrap();
    let refused = db.writer().execute_unprepared(row).await.unwrap_err();
    assert!(is_unavailable(&refused), "{refused}");
    db.takes_writes().await.unwrap_err();

    std::fs::rename(&elsewhere, &file).unwrap();
    db.writer().execute_unprepared(row).await.unwrap();
    assert!(db.takes_writes().await.unwrap());
}

/// Whoever opens and closes the file lets go of all locks that the process has on it: the next
/// program that comes and goes then deletes the log, with what is acknowledged in it.
#[tokio::test]
async fn what_the_service_asks_of_the_file_keeps_its_locks() {
    let folder = TempDir::new().unwrap();
    let config = config(&folder);
    let db = Database::open(&config).await.unwrap();
    db.writer().execute_unprepared(TABLE).await.unwrap();
    let file = std::fs::metadata(folder.path().join("livret.db")).unwrap();
    let held = || {
        let all = std::fs::read_to_string("/proc/locks").unwrap();
        let ours = format!(":{} ", file.ino());
        all.lines().filter(|line| line.contains(&ours)).count()
    };
    let before = held();
    assert!(before > 0, "none to keep");
    assert!(db.takes_writes().await.unwrap());
    db.begin().await.unwrap().commit().await.unwrap();
    assert_eq!(held(), before);
}

#[tokio::test]
async fn a_file_that_only_reads_is_told_and_met_again_when_it_takes_writes() {
    let folder = TempDir::new().unwrap();
    let config = config(&folder);
    let db = Database::open(&config).await.unwrap();
    db.writer().execute_unprepared(TABLE).await.unwrap();
    let (only_reads, writes) = ("PRAGMA query_only = on", "PRAGMA query_only = off");
    db.writer().execute_unprepared(only_reads).await.unwrap();
    let row = "INSERT INTO kept VALUES ('row')";
    let refused = db.writer().execute_unprepared(row).await.unwrap_err();
    assert!(is_read_only(&refused), "{refused}");
    db.writer().execute_unprepared(writes).await.unwrap();
    assert!(db.takes_writes().await.unwrap());
}

#[tokio::test]
async fn what_nobody_waits_for_to_its_end_is_not_kept_and_keeps_nobody_waiting() {
    let folder = TempDir::new().unwrap();
    let config = config(&folder);
    let db = Database::open(&config).await.unwrap();
    db.writer().execute_unprepared(TABLE).await.unwrap();
    for given_up_after in [0, 1, 5, 20] {
        let txn = db.begin().await.unwrap();
        txn.execute_unprepared("INSERT INTO kept VALUES ('given up')")
            .await
            .unwrap();
        let slow = txn.execute_unprepared(TOO_LARGE);
        let given_up = Duration::from_millis(given_up_after);
        let _ended = tokio::time::timeout(given_up, slow).await;
        drop(txn);
        let insert = "INSERT INTO kept VALUES ('alone')";
        db.writer().execute_unprepared(insert).await.unwrap();
    }
    assert_eq!(kept(&config).await, 4);
    assert_eq!(db.writer().size(), (1, 1));
}

#[tokio::test]
async fn who_begins_and_takes_long_to_write_is_not_late_for_a_file_that_is_free() {
    let folder = TempDir::new().unwrap();
    let config = config(&folder);
    let db = Database::open(&config).await.unwrap();
    let txn = db.begin().await.unwrap();
    let longer = options::LOCK_PATIENCE + Duration::from_millis(100);
    tokio::time::sleep(longer).await;
    txn.execute_unprepared(TABLE).await.unwrap();
    txn.commit().await.unwrap();
    assert_eq!(kept(&config).await, 0);
}

#[tokio::test]
async fn what_is_made_ready_aside_keeps_nobody_waiting_until_it_enters() {
    let folder = TempDir::new().unwrap();
    let config = config(&folder);
    let db = Database::open(&config).await.unwrap();
    db.writer().execute_unprepared(TABLE).await.unwrap();
    let insert = "INSERT INTO kept VALUES ('another')";
    for round in 0..2 {
        let aside = db.begin_aside(Uuid::nil()).await.unwrap();
        // Nothing is left of the one before.
        let ready = "CREATE TEMPORARY TABLE ready (what TEXT); INSERT INTO ready VALUES ('aside')";
        aside.execute_unprepared(ready).await.unwrap();
        db.writer().execute_unprepared(insert).await.unwrap();

        let aside = db.enter(aside).await.unwrap();
        let put = "INSERT INTO kept SELECT what FROM ready";
        aside.execute_unprepared(put).await.unwrap();
        let waiting = db.clone();
        let waiting = tokio::spawn(async move {
            let txn = waiting.begin_in_turn(None, None).await?;
            txn.execute_unprepared(insert).await?;
            txn.commit().await
        });
        // Longer than others are waited for.
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert!(!waiting.is_finished());
        assert_eq!(kept(&config).await, round * 3 + 1);
        aside.commit().await.unwrap();
        waiting.await.unwrap().unwrap();
        assert_eq!(kept(&config).await, round * 3 + 3);
    }
}
