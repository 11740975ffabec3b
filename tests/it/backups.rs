//! A copy that is made beside a live server comes back whole, and takes no other database's place.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use api::foundation::config::Config;
use api::program::backup::{Restoring, backup, restore};
use clap::Parser;
use entity::candidate;
use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait};
use serde_json::json;
use tempfile::TempDir;
use tests::World;

use crate::it::security::chain::extend;
use crate::world;

#[derive(Parser)]
struct Wanted {
    #[command(flatten)]
    wanted: Restoring,
}

fn wanted(file: &Path, flags: &[&str]) -> Restoring {
    let file = file.display().to_string();
    Wanted::parse_from(["restore", &file].iter().chain(flags)).wanted
}

/// Settings of a machine that has nothing yet, on which a copy comes back.
async fn elsewhere(world: &World, folder: &Path) -> Config {
    let mut config = world.state.config.clone();
    config.database_url = world.database_elsewhere(folder).await.into();
    config.key_dir = Some(folder.join("keys"));
    config
}

async fn candidates(config: &Config) -> u64 {
    let db = api::foundation::database::Database::open(config)
        .await
        .unwrap();
    #[expect(clippy::disallowed_methods, reason = "a test counts all")]
    let found = candidate::Entity::find().count(db.reader()).await.unwrap();
    db.close().await.unwrap();
    found
}

/// Writes until the copy is there; how many candidates there were before it was begun.
async fn copied_under_work(world: &World, file: &Path) -> u64 {
    let before = candidates(&world.state.config).await;
    let claire = world.as_("claire");
    let writes = (0..12).map(|n| {
        let person = json!({ "given_name": format!("N{n}"), "family_name": "Essai" });
        let claire = claire.clone();
        async move { claire.post("/v1/candidates", person).await.expect(201) }
    });
    let (said, _) = tokio::join!(backup(&world.state.config, file, true), join_all(writes));
    let said = said.unwrap();
    assert!(said.contains("read back and whole"), "{said}");
    before
}

#[tokio::test]
async fn a_copy_made_under_work_comes_back_with_its_keys_and_its_audit_trail() {
    let (world, folder) = (world().await, TempDir::new().unwrap());
    let file = folder.path().join("livret.copy");
    let before = copied_under_work(&world, &file).await;
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(file.clone()), 0o600);
    assert_eq!(mode(folder.path().join("livret.copy.keys/mac.key")), 0o600);

    let said = restore(&world.state.config, &wanted(&file, &["--rehearse"])).await;
    assert!(said.unwrap().contains("the audit trail holds"));
    let there = elsewhere(&world, folder.path()).await;
    let said = restore(&there, &wanted(&file, &["--verify"])).await;
    assert!(said.unwrap().contains("the audit trail holds"));
    let found = candidates(&there).await;
    assert!((before..=before + 12).contains(&found), "{before} {found}");
    assert_eq!(
        fs::read(folder.path().join("keys/mac.key")).unwrap(),
        fs::read(world.state.config.key_dir.as_ref().unwrap().join("mac.key")).unwrap()
    );
    // Once more would overwrite it.
    let refused = restore(&there, &wanted(&file, &[])).await.unwrap_err();
    assert!(refused.contains("already"), "{refused}");
    assert_eq!(candidates(&there).await, found);
}

#[tokio::test]
async fn what_is_no_whole_copy_is_not_restored_and_nothing_is_overwritten() {
    let (world, folder) = (world().await, TempDir::new().unwrap());
    let file = folder.path().join("livret.copy");
    backup(&world.state.config, &file, false).await.unwrap();
    let kept = fs::read(&file).unwrap();
    let again = backup(&world.state.config, &file, false).await.unwrap_err();
    assert!(again.contains("is there already"), "{again}");
    assert_eq!(fs::read(&file).unwrap(), kept);

    let there = elsewhere(&world, folder.path()).await;
    let half = folder.path().join("half");
    fs::write(&half, &kept[..kept.len() / 2]).unwrap();
    let text = folder.path().join("text");
    fs::write(&text, "no copy at all").unwrap();
    for wrong in [half, text, folder.path().join("nowhere")] {
        let refused = restore(&there, &wanted(&wrong, &[])).await;
        let refused = refused.unwrap_err();
        assert!(!refused.is_empty(), "{}", wrong.display());
        let rehearsed = restore(&world.state.config, &wanted(&wrong, &["--rehearse"])).await;
        rehearsed.unwrap_err();
    }
    // Nothing of them has come in.
    restore(&there, &wanted(&file, &[])).await.unwrap();

    // Another installation's keys are not taken for one's own.
    let keys = folder.path().join("livret.copy.keys");
    fs::create_dir(&keys).unwrap();
    fs::write(keys.join("mac.key"), "of somebody else").unwrap();
    let mut third = elsewhere(&world, &folder.path().join("third")).await;
    third.key_dir.clone_from(&world.state.config.key_dir);
    let refused = restore(&third, &wanted(&file, &[])).await.unwrap_err();
    assert!(refused.contains("another key"), "{refused}");
}

#[tokio::test]
async fn a_copy_whose_trail_was_changed_or_that_is_newer_is_told() {
    let (world, folder) = (world().await, TempDir::new().unwrap());
    let person = json!({ "given_name": "Lila", "family_name": "Essai" });
    world
        .as_("claire")
        .post("/v1/candidates", person)
        .await
        .expect(201);
    let file = folder.path().join("changed");
    let db = world.state.db.writer();
    extend(&world).await;
    db.execute_unprepared(
        "UPDATE events SET kind = 'candidate.deleted' WHERE kind = 'candidate.created'",
    )
    .await
    .unwrap();
    backup(&world.state.config, &file, false).await.unwrap();
    let told = restore(&world.state.config, &wanted(&file, &["--rehearse"])).await;
    let told = told.unwrap_err();
    assert!(told.contains("does not hold"), "{told}");

    let newer = folder.path().join("newer");
    db.execute_unprepared("INSERT INTO seaql_migrations VALUES ('m9999_later', 0)")
        .await
        .unwrap();
    let copied = backup(&world.state.config, &newer, false).await;
    if world.state.db.reader().get_database_backend() == DbBackend::Sqlite {
        let refused = copied.unwrap_err();
        assert!(refused.contains("m9999_later"), "{refused}");
    }
}
