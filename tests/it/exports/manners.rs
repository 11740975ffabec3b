//! How exports are asked for, and how they are refused.

use reqwest::Method;
use serde_json::json;

use super::{columns, datasets, name, rows};
use crate::world;

#[tokio::test]
async fn a_file_has_a_name_and_nobody_keeps_it() {
    let world = world().await;
    let claire = world.as_("claire");
    let day = world.day(0);
    for (path, media_type, file) in [
        (
            "/v1/exports/users",
            "text/csv; charset=utf-8",
            format!("livret-users-{day}.csv"),
        ),
        (
            "/v1/exports/users?format=jsonl",
            "application/x-ndjson",
            format!("livret-users-{day}.jsonl"),
        ),
        (
            "/v1/exports/users?format=xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            format!("livret-users-{day}.xlsx"),
        ),
        (
            "/v1/exports/archive",
            "application/zip",
            format!("livret-archive-{day}.zip"),
        ),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = claire.send(method.clone(), path, None, &[]).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), Some(media_type));
            let disposition = format!("attachment; filename=\"{file}\"");
            assert_eq!(answer.header("content-disposition"), Some(&*disposition));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert_eq!(answer.header("etag"), None);
            assert_eq!(answer.bytes.is_empty(), method == Method::HEAD);
        }
    }
}

#[tokio::test]
async fn what_is_not_there_or_does_not_suit_is_refused() {
    let world = world().await;
    let claire = world.as_("claire");
    let unknown = claire.get("/v1/exports/sessions").await;
    unknown.refused(404, "not_found");
    let csv = "/v1/exports/notes";
    for (query, parameter) in [
        ("notes?format=xml", "format"),
        ("notes?format=jsonl&separator=comma", "separator"),
        (
            "sheet_answers?updated_since=2020-01-01T00:00:00Z",
            "updated_since",
        ),
        (
            "users?booklet_id=01900000-0000-7000-8000-000000000000",
            "booklet_id",
        ),
        ("notes?limit=5", "limit"),
    ] {
        let refused = claire.get(&format!("/v1/exports/{query}")).await;
        let problem = refused.refused(400, "malformed_query");
        assert_eq!(problem["errors"][0]["pointer"], parameter, "{query}");
    }
    let accept = async |path: &str, accept: &str| {
        let headers = [("accept", accept)];
        claire.send(Method::GET, path, None, &headers).await
    };
    // `format` says what comes, whatever `Accept` says.
    for (path, range, media_type) in [
        (csv, "application/json", "text/csv; charset=utf-8"),
        (
            "/v1/exports/notes?format=jsonl",
            "text/csv",
            "application/x-ndjson",
        ),
        ("/v1/exports/archive", "text/csv", "application/zip"),
    ] {
        let answer = accept(path, range).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some(media_type))
        );
    }
}

#[tokio::test]
async fn only_coordinators_take_what_is_their_organization_s() {
    let world = world().await;
    for (_, somebody) in crate::it::access::CAST {
        let expected = if somebody == "claire" { 200 } else { 403 };
        for path in [
            "/v1/exports",
            "/v1/exports/archive",
            "/v1/exports/candidates",
        ] {
            let answer = world.as_(somebody).get(path).await;
            assert_eq!(answer.status, expected, "{somebody} {path}");
        }
    }
}

#[tokio::test]
async fn filters_leave_what_changed_and_what_is_of_the_booklet() {
    let world = world().await;
    let (claire, tom) = (world.as_("claire"), world.as_("tom"));
    let call = json!({ "contacted_on": world.day(0), "contact_mode": "sms", "comment": "Oui" });
    for candidate in ["samira", "karim"] {
        let at = world.booklet(candidate, "follow-ups");
        tom.post(&at, call.clone()).await.expect(201);
    }
    world.advance_days(1);
    let since = format!("updated_since={}", world.clock.now().format("%FT%TZ"));
    let of_samira = format!("booklet_id={}", world.booklet_id("samira"));
    assert_eq!(rows(&claire, "follow_ups", "").await.len(), 2);
    assert_eq!(rows(&claire, "follow_ups", &since).await.len(), 0);
    let at = world.booklet("samira", "follow-ups");
    tom.post(&at, call).await.expect(201);
    assert_eq!(rows(&claire, "follow_ups", &since).await.len(), 1);
    assert_eq!(rows(&claire, "follow_ups", &of_samira).await.len(), 2);
    let booklets = rows(&claire, "booklets", &of_samira).await;
    assert_eq!(booklets.len(), 1);
    assert_eq!(
        booklets[0]["candidate_id"],
        json!(world.candidate_id("samira"))
    );
}

#[tokio::test]
async fn each_filter_is_told_where_it_works_and_refused_where_it_does_not() {
    let world = world().await;
    let claire = world.as_("claire");
    let instant = "updated_since=2020-01-01T00:00:00Z".to_owned();
    let booklet = format!("booklet_id={}", world.booklet_id("samira"));
    for dataset in datasets(&claire).await {
        let (name, filters) = (name(&dataset), dataset["filters"].as_array().unwrap());
        for (filter, query) in [("updated_since", &instant), ("booklet_id", &booklet)] {
            let answer = claire.get(&format!("/v1/exports/{name}?{query}")).await;
            let expected = if filters.contains(&json!(filter)) {
                200
            } else {
                400
            };
            assert_eq!(answer.status, expected, "{name} {filter}");
        }
        let names_booklet = columns(&dataset).contains(&"booklet_id") || name == "booklets";
        assert_eq!(
            filters.contains(&json!("booklet_id")),
            names_booklet,
            "{name}"
        );
    }
}
