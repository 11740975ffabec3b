//! How much of the database and of the service imports may take, and that nothing stays of files that
//! do not become one.

use std::time::Duration;

use api::foundation::config::RateLimit;
use api::program::server::{forget_imports, run_imports};
use chrono::TimeDelta;
use entity::import_row;
use futures_util::future::join_all;
use reqwest::Body;
use sea_orm::{ActiveModelTrait, EntityTrait, PaginatorTrait, Set};
use serde_json::json;
use tests::World;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::{CSV, checked, counts, read, send, send_as};
use crate::{world, world_with};

const FILE: &str = "external_id,given_name,family_name\nC-1,Inès,Roy\n";

/// Sends files until so many of the organization's wait to be applied; the id of the last one.
async fn waiting(world: &World, files: usize) -> serde_json::Value {
    let there = world.as_("claire").get("/v1/imports?limit=100").await;
    let there = there.expect(200)["items"].as_array().unwrap().clone();
    let is_unfinished = |import: &&serde_json::Value| import["finished_at"].is_null();
    let mut last = json!(null);
    for _ in there.iter().filter(is_unfinished).count()..files {
        last = checked(world, FILE).await["id"].clone();
    }
    last
}

/// How many rows of files the database holds.
#[expect(
    clippy::disallowed_methods,
    reason = "a test counts what nobody is shown"
)]
async fn staged(world: &World) -> u64 {
    let rows = import_row::Entity::find();
    rows.count(world.state.db.reader()).await.unwrap()
}

/// Waits until it holds so many, from there on.
async fn until_staged(world: &World, holds: fn(u64) -> bool) {
    for _ in 0..500 {
        if holds(staged(world).await) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{} rows are staged", staged(world).await);
}

#[tokio::test]
async fn a_file_beyond_twenty_unfinished_imports_is_refused_before_it_is_read() {
    let world = world().await;
    let last = waiting(&world, 20).await;
    // A file that never comes is refused all the same.
    let never = Body::wrap_stream(futures_util::stream::pending::<Result<Vec<u8>, String>>());
    let (path, headers) = ("/v1/imports?resource=candidates", [("content-type", CSV)]);
    let claire = world.as_("claire");
    let refused = claire
        .raw(reqwest::Method::POST, path, never, &headers)
        .await;
    refused.refused(409, "too_many_imports");
    // Another organization has its own room.
    send(&world, "rose", "", FILE).await.expect(201);
    // The same answer to a rehearsal, and the way out that it names.
    let rehearsal = [("content-type", CSV), ("prefer", "dry-run")];
    let rehearsed = claire.post_bytes(path, FILE.as_bytes(), &rehearsal).await;
    rehearsed.refused(409, "too_many_imports");
    let cancel = format!("/v1/imports/{}/cancel", last.as_str().unwrap());
    claire.act(&cancel).await.expect(200);
    send(&world, "claire", "", FILE).await.expect(201);
    send(&world, "claire", "", FILE)
        .await
        .refused(409, "too_many_imports");
}

/// As many as are put in their places while nobody who writes meanwhile waits for long.
#[tokio::test]
async fn a_file_has_as_many_rows_as_it_may_and_is_told_how_many_these_are() {
    let world = world_with(|config| config.import_rows = Some(20.try_into().unwrap())).await;
    let file = |rows| format!("given_name,family_name\n{}", "Inès,Roy\n".repeat(rows));
    send(&world, "claire", "", file(20)).await.expect(201);
    let refused = send(&world, "claire", "", file(21)).await;
    let problem = refused.refused(413, "payload_too_large");
    assert_eq!(problem["errors"][0]["code"], "max_items");
    assert_eq!(problem["errors"][0]["params"]["max"], 20);
    // A booklet comes with much else: on SQLite there are ten times fewer of them.
    let is_sqlite = world.state.config.is_sqlite();
    let karim = world.candidate_id("karim");
    let row = format!("{karim},tom@livret.example\n");
    let file = format!("candidate_id,tutor_email\n{}", row.repeat(3));
    let sent = send_as(&world, "resource=booklets", CSV, &file).await;
    assert_eq!(sent.status, if is_sqlite { 413 } else { 201 });
}

/// Whoever writes waits a moment, and is not told to come back.
#[tokio::test]
async fn others_write_while_a_file_is_applied() {
    let world = world().await;
    let file = format!("given_name,family_name\n{}", "Inès,Roy\n".repeat(2000));
    let sent = send(&world, "claire", "&apply=all_or_nothing", file).await;
    let id = sent.expect(201)["id"].clone();
    let state = world.state.clone();
    let work = tokio::spawn(async move { run_imports(&state).await });
    let rose = world.as_("rose");
    let body = json!({ "given_name": "Une", "family_name": "Autre" });
    while !work.is_finished() {
        rose.post("/v1/candidates", body.clone()).await.expect(201);
    }
    work.await.unwrap().unwrap();
    assert_eq!(counts(&read(&world, &id).await), ("done", [2000, 0, 0, 0]));
}

#[tokio::test]
async fn of_files_that_arrive_at_once_one_takes_the_last_place() {
    let world = world().await;
    waiting(&world, 19).await;
    let before = staged(&world).await;
    let twin = world.twin().await;
    let sent =
        join_all([&world, &twin, &world, &twin].map(|world| send(world, "claire", "", FILE)));
    let (made, refused): (Vec<_>, Vec<_>) =
        sent.await.into_iter().partition(|sent| sent.status == 201);
    assert_eq!(made.len(), 1);
    for refused in refused {
        refused.refused(409, "too_many_imports");
    }
    for _ in 0..500 {
        if staged(&world).await == before + 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("rows of refused files stay");
}

#[tokio::test]
async fn four_files_of_an_organization_arrive_at_a_time() {
    let world = world_with(|config| {
        config.rate_limit = RateLimit::PerSecond(1000.try_into().unwrap());
    })
    .await;
    let horizon = world.organization_id("horizon");
    let enter = || world.state.uploads.enter(horizon).unwrap();
    let three = [enter(), enter(), enter()];
    send(&world, "claire", "", FILE).await.expect(201);
    // That one's turn ends a moment after its answer.
    for _ in 0..500 {
        if world.state.uploads.enter(horizon).is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let fourth = enter();
    let refused = send(&world, "claire", "", FILE).await;
    assert!(refused.header("retry-after").is_some());
    refused.refused(429, "too_many_requests");
    send(&world, "rose", "", FILE).await.expect(201);
    drop((three, fourth));
    send(&world, "claire", "", FILE).await.expect(201);
}

#[tokio::test]
async fn nothing_stays_of_a_file_whose_sender_is_gone() {
    let world = world().await;
    let before = staged(&world).await;
    let token = world.as_("claire").token().unwrap();
    for is_reset in [true, false] {
        let address = world.url().strip_prefix("http://").unwrap();
        let mut socket = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /v1/imports?resource=candidates HTTP/1.1\r\nhost: {address}\r\ncontent-type: text/csv\r\n\
             authorization: Bearer {token}\r\ncontent-length: 1000000\r\n\r\n"
        );
        let rows = "Inès,Roy\n".repeat(1600);
        let sent = format!("{head}given_name,family_name\n{rows}");
        socket.write_all(sent.as_bytes()).await.unwrap();
        until_staged(&world, |rows| rows > 1000).await;
        if is_reset {
            socket.set_zero_linger().unwrap();
        }
        drop(socket);
        until_staged(&world, |rows| rows < 1000).await;
        assert_eq!(staged(&world).await, before);
    }
}

#[tokio::test]
async fn what_a_killed_service_left_of_a_file_goes_within_hours() {
    let world = world().await;
    let before = staged(&world).await;
    let row = import_row::ActiveModel {
        import_id: Set(api::kit::new_id()),
        place: Set(7000),
        organization_id: Set(world.organization_id("horizon")),
        line: Set(7001),
        system: Set(None),
        external_id: Set(None),
        content: Set("{}".to_owned()),
        is_faulty: Set(false),
    };
    row.insert(world.state.db.writer()).await.unwrap();
    // It may still be arriving.
    world.clock.advance(TimeDelta::hours(1));
    forget_imports(&world.state).await.unwrap();
    assert_eq!(staged(&world).await, before + 1);
    world.clock.advance(TimeDelta::hours(2));
    forget_imports(&world.state).await.unwrap();
    assert_eq!(staged(&world).await, before);
}

#[tokio::test]
async fn no_row_stays_behind_lines_that_cannot_be_read() {
    let world = world().await;
    let before = staged(&world).await;
    let file = format!(
        "given_name,family_name\n{}Inès,Roy\n",
        "one cell\n".repeat(5100)
    );
    let sent = send(&world, "claire", "&apply=valid_rows", file).await;
    let import = super::went(&world, sent).await;
    assert_eq!(counts(&import), ("done", [1, 0, 0, 5100]));
    assert_eq!(staged(&world).await, before);
}
