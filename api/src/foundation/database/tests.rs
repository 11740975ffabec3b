//! What a transaction leaves behind that SQLite ended by itself (ADR 21).

use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use clap::Parser;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
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
const ROOM: &str = "PRAGMA max_page_count = 1000000";
const TABLE: &str = "CREATE TABLE kept (what TEXT)";
const TOO_LARGE: &str = "INSERT INTO kept VALUES (hex(zeroblob(100000)))";

/// How many rows somebody else sees.
async fn kept(config: &Config) -> i64 {
    let other = sea_orm::Database::connect(options::sqlite(config, 1, options::FILE_PATIENCE));
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
        // A refusal of any kind: without the check it leaves a savepoint open, for good.
        drop(db.begin().await.unwrap());

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

/// The day this fails, sqlx has mended what `options.rs` works around: read ADR 21 again.
#[tokio::test]
async fn without_our_check_the_libraries_keep_nothing_after_a_full_disk() {
    async fn begin(db: &DatabaseConnection) -> DatabaseTransaction {
        let immediate = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        db.begin_with_options(immediate).await.unwrap()
    }

    let folder = TempDir::new().unwrap();
    let config = config(&folder);
    let mut unchecked = options::sqlite(&config, 1, options::FILE_PATIENCE);
    unchecked.map_sqlx_sqlite_pool_opts(|pool| pool);
    let db = sea_orm::Database::connect(unchecked).await.unwrap();
    db.execute_unprepared(TABLE).await.unwrap();
    db.execute_unprepared(FULL).await.unwrap();
    let txn = begin(&db).await;
    txn.execute_unprepared(TOO_LARGE).await.unwrap_err();
    drop(txn);
    db.execute_unprepared(ROOM).await.unwrap();
    // A refusal of any kind, which takes its savepoint back and leaves it open.
    drop(begin(&db).await);

    let txn = begin(&db).await;
    txn.execute_unprepared("INSERT INTO kept VALUES ('after')")
        .await
        .unwrap();
    txn.commit().await.unwrap();
    assert_eq!(kept(&config).await, 0, "acknowledged, and kept");
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
