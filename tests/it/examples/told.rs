//! Every write of the API document, played on a copy of the demo, is told in the change feed: what was
//! made, changed or deleted, with its id and version.

use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde_json::Value;
use tests::Demo;

use super::request::{self, Request};
use super::{ANOTHER_DAY, AT_A_TIME};

/// What is not claire's organization's: everybody's stages, organizations in whose feeds she does not read.
/// And until when somebody has read, which is nobody else's business (ADR 33).
const UNTOLD: [&str; 6] = [
    "see_my_news",
    "create_vae_stage",
    "update_vae_stage",
    "delete_vae_stage",
    "create_organization",
    "delete_organization",
];

#[tokio::test]
async fn every_write_is_told_in_the_feed_with_the_id_and_version_of_what_it_wrote() {
    let demo = crate::demo(ANOTHER_DAY).await;
    let mut writes = request::all(&demo);
    writes.retain(|request| request.operation.takes("Prefer"));
    let told: Vec<bool> = stream::iter(writes)
        .map(|request| is_told(&demo, request))
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await;
    assert!(told.iter().filter(|is_told| **is_told).count() > 80);
}

/// Whether it was to be told; then it was.
async fn is_told(demo: &Demo, request: Request) -> bool {
    let id = request.operation.id.clone();
    if UNTOLD.contains(&id.as_str()) {
        return false;
    }
    let world = demo.copy().await;
    let claire = demo.client(&world, "claire");
    let end = claire.get("/v1/changes?after=latest").await.expect(200);
    let end = end["next"].as_str().unwrap();
    let answer = request.send(demo, &world).await;
    assert_eq!(answer.status, request.expected_status(), "{id}");
    let page = format!("/v1/changes?limit=100&after={end}");
    let page = claire.get(&page).await.expect(200);
    let changes = page["items"].as_array().unwrap();
    assert!(!changes.is_empty(), "{id} is not told");
    let tells = |object: &Value, version: Option<&Value>| {
        changes.iter().any(|change| {
            change["resource_id"] == *object
                && version.is_none_or(|version| change["version"] == *version)
        })
    };
    match (answer.body.get("id"), answer.body.get("version")) {
        (Some(object), Some(version)) => {
            assert!(tells(object, Some(version)), "{id} {changes:#?}");
        }
        // Told of the person whose session it was.
        _ if id == "end_my_session" => {}
        _ if request.operation.method == Method::DELETE => {
            let object = &request.parameters["id"];
            assert!(tells(object, None), "{id} {changes:#?}");
        }
        _ => {
            for item in answer.body["items"].as_array().into_iter().flatten() {
                assert!(tells(&item["id"], Some(&item["version"])), "{id}");
            }
        }
    }
    true
}
