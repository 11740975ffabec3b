//! What a check finds, and that it changes nothing.

use std::collections::BTreeMap;

use serde_json::json;
use tests::World;

use super::{apply, candidates, checked, counts, faults, read, send};
use crate::it::rows::everything;
use crate::world;

const FAULTY: &str = "external_id,given_name,family_name,birth_date,email,user_id\n\
    C-1,Inès,Roy,1987-04-12,ines@courriel.example,\n\
    C-2,,Roy,hier,,\n\
    C-3,Eve,Roy,2999-01-01,no address,\n\
    C-1,Inès,Roy,,,\n\
    C-5,Ana,Roy,,,01900000-0000-7000-8000-000000000000\n";

async fn all_but_imports(world: &World) -> BTreeMap<String, Vec<String>> {
    let mut rows = everything(world).await;
    let counts = ["events", "sqlite_sequence"];
    rows.retain(|table, _| !table.starts_with("import") && !counts.contains(&&**table));
    rows
}

#[tokio::test]
async fn every_row_is_checked_as_a_post_would_be_and_nothing_changes() {
    let world = world().await;
    let before = all_but_imports(&world).await;
    let import = checked(&world, FAULTY).await;
    assert_eq!(counts(&import), ("ready", [1, 0, 0, 4]));
    let text = |text: &str| text.to_owned();
    let mut found = faults(&world, &import).await;
    found.sort_by_key(|(line, column, ..)| (*line, column.as_i64()));
    assert_eq!(
        found,
        [
            (3, json!(2), text("/given_name"), text("required")),
            (3, json!(4), text("/birth_date"), text("format")),
            (4, json!(5), text("/email"), text("email")),
            (
                5,
                json!(1),
                text("/external_references/0/external_id"),
                text("duplicate")
            ),
            (6, json!(6), text("/user_id"), text("unknown_reference")),
        ]
    );
    assert_eq!(import["faults_total"], 5);
    assert_eq!(before, all_but_imports(&world).await);
}

#[tokio::test]
async fn a_report_is_read_page_by_page_in_the_readers_language() {
    let world = world().await;
    let import = checked(&world, FAULTY).await;
    let mut path = format!(
        "/v1/imports/{}/faults?limit=2",
        import["id"].as_str().unwrap()
    );
    let (mut lines, mut details) = (Vec::new(), Vec::new());
    let english = [("accept-language", "en")];
    let claire = world.as_("claire");
    loop {
        let page = claire
            .send(reqwest::Method::GET, &path, None, &english)
            .await
            .expect(200);
        for fault in page["items"].as_array().unwrap() {
            lines.push(fault["line"].as_i64().unwrap());
            details.push(fault["detail"].as_str().unwrap().to_owned());
        }
        let Some(next) = page["next"].as_str() else {
            break;
        };
        path = format!(
            "/v1/imports/{}/faults?limit=2&after={next}",
            import["id"].as_str().unwrap()
        );
    }
    assert_eq!(lines, [3, 3, 4, 5, 6]);
    assert_eq!(
        details[3],
        "Line 2 of the file names the same object already. Keep one of them."
    );
}

#[tokio::test]
async fn all_or_nothing_is_nothing_with_one_fault() {
    let world = world().await;
    let before = candidates(&world).await;
    let import = checked(&world, FAULTY).await;
    let path = format!("/v1/imports/{}/apply", import["id"].as_str().unwrap());
    let refused = world
        .as_("claire")
        .act(&path)
        .await
        .refused(409, "import_faulty");
    assert_eq!(
        refused["errors"][0]["pointer"]
            .as_str()
            .unwrap()
            .split('/')
            .nth(1),
        Some("3")
    );
    assert_eq!(candidates(&world).await, before);
    // Asked for at once, it waits all the same.
    let sent = send(&world, "claire", "&apply=all_or_nothing", FAULTY).await;
    let waiting = super::went(&world, sent).await;
    assert_eq!(
        (&waiting["state"], &waiting["mode"]),
        (&json!("ready"), &json!(null))
    );
    assert_eq!(candidates(&world).await, before);
}

#[tokio::test]
async fn valid_rows_are_written_and_the_others_stay_reported() {
    let world = world().await;
    let before = candidates(&world).await;
    let import = checked(&world, FAULTY).await;
    let done = apply(&world, &import, "valid_rows").await;
    assert_eq!(counts(&done), ("done", [1, 0, 0, 4]));
    assert_eq!(candidates(&world).await, before + 1);
    assert_eq!(faults(&world, &done).await.len(), 5);
    let sent = send(&world, "claire", "&apply=valid_rows", FAULTY).await;
    let again = super::went(&world, sent).await;
    assert_eq!(counts(&again), ("done", [0, 0, 1, 4]));
}

#[tokio::test]
async fn what_an_organization_has_cannot_be_named_twice() {
    let world = world().await;
    let samira = world.user_id("samira");
    let file = format!("external_id,given_name,family_name,user_id\nC-1,Sam,Roy,{samira}\n");
    let import = checked(&world, &file).await;
    let found = faults(&world, &import).await;
    assert_eq!(
        found,
        [(2, json!(4), "/user_id".to_owned(), "taken".to_owned())]
    );
    let tom = world.user_id("tom");
    let file = format!("external_id,given_name,family_name,user_id\nC-1,Sam,Roy,{tom}\n");
    let import = checked(&world, &file).await;
    assert_eq!(faults(&world, &import).await[0].3, "wrong_role");
}

#[tokio::test]
async fn a_rehearsed_upload_answers_as_the_upload_and_keeps_nothing() {
    let world = world().await;
    let before = everything(&world).await;
    let path = "/v1/imports?resource=candidates";
    let headers = [("content-type", super::CSV), ("prefer", "dry-run")];
    let file = b"given_name,family_name\nA,B\nA,B,C\n";
    let answer = world.as_("claire").post_bytes(path, file, &headers).await;
    assert_eq!(answer.header("preference-applied"), Some("dry-run"));
    let shown = answer.expect(201);
    assert_eq!(
        (&shown["rows_total"], &shown["rows_faulty"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(everything(&world).await, before);
}

#[tokio::test]
async fn a_cancelled_import_keeps_its_report_and_none_of_its_rows() {
    let world = world().await;
    let import = checked(&world, FAULTY).await;
    let path = format!("/v1/imports/{}/cancel", import["id"].as_str().unwrap());
    let claire = world.as_("claire");
    let cancelled = claire.act(&path).await.expect(200);
    assert_eq!(cancelled["state"], "cancelled");
    assert_eq!(faults(&world, &import).await.len(), 5);
    let rows = everything(&world).await;
    assert!(rows.get("import_rows").is_none_or(Vec::is_empty));
    claire.act(&path).await.refused(409, "invalid_transition");
    let apply = path.replace("cancel", "apply");
    claire.act(&apply).await.refused(409, "invalid_transition");
    assert_eq!(read(&world, &import["id"]).await["state"], "cancelled");
}
