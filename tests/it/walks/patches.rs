//! Merge patches, proved on every PATCH of the API document.

use entity::event;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::Map;

use super::*;

fn patches() -> Vec<Operation> {
    let mut patches = Operation::all();
    patches.retain(|operation| operation.method == Method::PATCH);
    assert!(patches.len() >= 22, "only {} patches", patches.len());
    patches
}

#[tokio::test]
async fn a_patch_names_editable_fields_alone_and_erases_none_that_is_needed() {
    let world = world().await;
    for operation in patches() {
        let case = Case::of(&world, &operation).await;
        let client = case.client(&world);
        let before = client.get(&case.path).await.expect(200);
        let shared = json!({ "id": before["id"], "version": 9, "etag": "\"9\"", "created_at": before["created_at"], "updated_at": before["updated_at"], "nonsense": null });
        let mut faults = client.patch(&case.path, shared).await.faults();
        faults.sort();
        let expected = [
            "created_at",
            "etag",
            "id",
            "nonsense",
            "updated_at",
            "version",
        ]
        .map(|name| (format!("/{name}"), "unknown_field".to_owned()));
        assert_eq!(faults, expected, "{}", operation.id);
        let whole = operation.patched().unwrap();
        for name in whole["required"].as_array().into_iter().flatten() {
            let name = name.as_str().unwrap();
            let faults = client
                .patch(&case.path, json!({ name: null }))
                .await
                .faults();
            let at = format!("/{name}");
            let is_told = !faults.is_empty() && faults.iter().all(|(pointer, _)| *pointer == at);
            assert!(is_told, "{} {name}: {faults:?}", operation.id);
        }
        assert_eq!(client.get(&case.path).await.expect(200), before);
    }
}

#[tokio::test]
async fn a_patch_comes_as_json() {
    let world = world().await;
    for operation in patches() {
        let case = Case::of(&world, &operation).await;
        let client = case.client(&world);
        for media_type in ["text/plain", "application/json-patch+json"] {
            let headers = [("content-type", media_type), ("if-match", "*")];
            let answer = client.send(Method::PATCH, &case.path, None, &headers).await;
            let accepted = "application/merge-patch+json, application/json";
            assert_eq!(answer.header("accept-patch"), Some(accepted));
            answer.refused(415, "unsupported_media_type");
        }
    }
}

#[tokio::test]
async fn a_patch_that_changes_nothing_changes_nothing() {
    let world = world().await;
    for operation in patches() {
        let case = Case::of(&world, &operation).await;
        let client = case.client(&world);
        let before = client.get(&case.path).await;
        let etag = before.header("etag").unwrap().to_owned();
        let before = before.body;
        let trail = events(&world).await;
        for patch in [json!({}), Value::Object(as_it_is(&operation, &before))] {
            let headers = [("if-match", etag.as_str())];
            let answer = client
                .send(Method::PATCH, &case.path, Some(patch), &headers)
                .await;
            assert_eq!(
                answer.header("etag"),
                Some(etag.as_str()),
                "{}",
                operation.id
            );
            assert_eq!(answer.expect(200), before);
        }
        let after = client.get(&case.path).await.expect(200);
        assert_eq!(after, before);
        assert_eq!(events(&world).await, trail, "{}", operation.id);
    }
}

/// The editable fields with the values that they have.
fn as_it_is(operation: &Operation, object: &Value) -> Map<String, Value> {
    let whole = operation.patched().unwrap();
    let fields = whole["properties"].as_object().unwrap().keys();
    let same: Map<String, Value> = fields
        .filter_map(|name| Some((name.clone(), object.get(name)?.clone())))
        .collect();
    assert!(!same.is_empty(), "{}", operation.id);
    same
}

#[expect(clippy::disallowed_methods, reason = "a test counts the whole trail")]
async fn events(world: &World) -> u64 {
    let all = event::Entity::find();
    all.count(world.state.db.reader()).await.unwrap()
}
