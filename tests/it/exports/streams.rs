//! Exports are sent while they are read: in pieces, to slow callers too, and cut when they break off.

use std::collections::BTreeSet;
use std::time::Duration;

use api::foundation::config::RateLimit;
use entity::candidate;
use entity::values::PreferredChannel;
use futures_util::StreamExt;
use sea_orm::{EntityTrait, Set};
use serde_json::Value;
use tests::World;

use super::{lines, rows};
use crate::{world, world_with};

/// So many candidates of Horizon more, each with so much to say.
async fn candidates(world: &World, count: usize, length: usize) {
    let said = "é".repeat(length);
    let new = |n: usize| candidate::ActiveModel {
        id: Set(api::kit::new_id()),
        organization_id: Set(world.organization_id("horizon")),
        user_id: Set(None),
        given_name: Set(format!("N{n}")),
        family_name: Set("Export".to_owned()),
        birth_date: Set(None),
        email: Set(None),
        phone: Set(None),
        preferred_channel: Set(PreferredChannel::Mail),
        accessibility_needs: Set(Some(said.clone())),
        search: Set(String::new()),
        sort_key: Set(Vec::new()),
        version: Set(1),
        created_at: Set(world.clock.now()),
        updated_at: Set(world.clock.now()),
    };
    for from in (0..count).step_by(500) {
        let some = (from..count.min(from + 500)).map(new);
        candidate::Entity::insert_many(some)
            .exec_without_returning(world.state.db.writer())
            .await
            .unwrap();
    }
}

/// An answer whose body is still to come.
async fn open(world: &World, path: &str) -> reqwest::Response {
    let token = world.as_("claire").token().unwrap();
    let request = reqwest::Client::new().get(format!("{}{path}", world.url()));
    request.bearer_auth(token).send().await.unwrap()
}

#[tokio::test]
async fn many_rows_come_in_pieces_each_once_in_any_form() {
    let world = world().await;
    candidates(&world, 5200, 10).await;
    let mut pieces = 0;
    let mut whole = Vec::new();
    let mut body = open(&world, "/v1/exports/candidates?format=jsonl")
        .await
        .bytes_stream();
    while let Some(piece) = body.next().await {
        whole.extend(piece.unwrap());
        pieces += 1;
    }
    assert!(pieces > 5, "only {pieces} pieces");
    let lines = lines(&String::from_utf8(whole).unwrap());
    let ids: BTreeSet<&str> = lines
        .iter()
        .map(|line| line["id"].as_str().unwrap())
        .collect();
    assert_eq!((ids.len(), lines.len()), (5203, 5203));
    let claire = world.as_("claire");
    let csv = claire.get("/v1/exports/candidates").await.text(200);
    assert_eq!(csv.lines().count(), 5204);
    let sheet = claire.get("/v1/exports/candidates?format=xlsx").await;
    assert_eq!(sheet.status, 200);
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(sheet.bytes)).unwrap();
    let sheet = book.by_name("xl/worksheets/sheet1.xml").unwrap();
    let sheet = std::io::read_to_string(sheet).unwrap();
    assert_eq!(sheet.matches("<row ").count(), 5204);
}

#[tokio::test]
async fn rows_that_change_while_they_are_read_are_neither_missed_nor_doubled() {
    let world = world().await;
    candidates(&world, 3000, 2000).await;
    let before: Vec<Value> = rows(&world.as_("claire"), "candidates", "").await;
    let mut body = open(&world, "/v1/exports/candidates?format=jsonl")
        .await
        .bytes_stream();
    let mut whole = body.next().await.unwrap().unwrap().to_vec();
    world.clock.advance(chrono::TimeDelta::minutes(1));
    for row in [&before[0], &before[2900], &before[3002]] {
        let at = format!("/v1/candidates/{}", row["id"].as_str().unwrap());
        let change = serde_json::json!({ "given_name": "Autre" });
        world.as_("claire").patch(&at, change).await.expect(200);
    }
    candidates(&world, 10, 10).await;
    while let Some(piece) = body.next().await {
        whole.extend(piece.unwrap());
    }
    let after = lines(&String::from_utf8(whole).unwrap());
    let id = |row: &Value| row["id"].as_str().unwrap().to_owned();
    let ids: Vec<String> = after.iter().map(id).collect();
    assert_eq!(ids[..3003], before.iter().map(id).collect::<Vec<_>>());
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
}

#[tokio::test]
async fn an_export_that_breaks_off_is_no_whole_one() {
    for path in ["/v1/exports/candidates", "/v1/exports/archive"] {
        let world = world().await;
        candidates(&world, 3000, 8000).await;
        let mut body = open(&world, path).await.bytes_stream();
        body.next().await.unwrap().unwrap();
        world.state.db.clone().close().await.unwrap();
        let mut is_cut = false;
        while let Some(piece) = body.next().await {
            is_cut |= piece.is_err();
        }
        assert!(is_cut, "{path} ended as if it were whole");
    }
}

#[tokio::test]
async fn two_exports_of_an_organization_at_a_time_until_they_are_read_or_left() {
    let world = world_with(|config| {
        config.rate_limit = RateLimit::PerSecond(1000.try_into().unwrap());
    })
    .await;
    candidates(&world, 3000, 8000).await;
    let path = "/v1/exports/candidates?format=jsonl";
    let first = open(&world, path).await;
    let second = open(&world, path).await;
    assert_eq!(
        (first.status().as_u16(), second.status().as_u16()),
        (200, 200)
    );
    let claire = world.as_("claire");
    let third = claire.get(path).await;
    assert!(third.header("retry-after").is_some());
    third.refused(429, "too_many_requests");
    // Another organization does not wait, and neither does anything else.
    assert_eq!(world.as_("rose").get(path).await.status, 200);
    claire.get("/v1/me").await.expect(200);
    drop(first);
    let mut tries = 0;
    while claire.get(path).await.status == 429 {
        tries += 1;
        assert!(tries < 100, "who hung up still counts");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(second.bytes().await.unwrap().len() > 3000 * 16000);
    assert_eq!(claire.get(path).await.status, 200);
}
