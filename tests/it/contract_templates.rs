//! § 02: the texts that contracts are copied from.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};

use crate::world;

const PATH: &str = "/v1/contract-templates";

fn item(created: &Value) -> String {
    format!("{PATH}/{}", created["id"].as_str().unwrap())
}

#[tokio::test]
async fn the_shipped_template_is_there_for_every_reader() {
    let world = world().await;
    for reader in ["samira", "tom", "claire", "rose", "crm", "ada"] {
        let list = world.as_(reader).get(PATH).await.expect(200);
        let shipped = &list["items"][0];
        assert_eq!(shipped["organization_id"], Value::Null);
        assert_eq!(
            shipped["candidate_commitments"].as_array().unwrap().len(),
            5
        );
        assert_eq!(shipped["tutor_commitments"].as_array().unwrap().len(), 6);
        world.as_(reader).get(&item(shipped)).await.expect(200);
    }
    for stranger in ["paul", "vera"] {
        world
            .as_(stranger)
            .get(PATH)
            .await
            .refused(403, "forbidden");
    }
}

#[tokio::test]
async fn a_coordinator_makes_changes_and_deletes_their_own_template() {
    let world = world().await;
    let claire = world.as_("claire");
    let body = json!({ "name": "Contrat court", "candidate_commitments": ["  Je viens. "] });
    let created = claire.post(PATH, body).await.expect(201);
    assert_eq!(created["candidate_commitments"], json!(["Je viens."]));
    let shipped = created["tutor_commitments"].as_array().unwrap();
    assert_eq!(shipped.len(), 6, "what is absent is copied");

    let path = item(&created);
    let change = json!({ "preamble": "Bonjour." });
    let changed = claire.patch(&path, change).await.expect(200);
    assert_eq!(
        (&changed["preamble"], &changed["version"], &changed["name"]),
        (&json!("Bonjour."), &json!(2), &json!("Contrat court"))
    );
    world.as_("samira").get(&path).await.expect(200);
    for stranger in ["rose", "remi", "rita", "ada"] {
        let answer = world.as_(stranger).get(&path).await;
        answer.refused(404, "not_found");
    }
    claire.delete(&path).await.expect(204);
    claire.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_platform_admin_changes_the_shared_templates_and_keeps_one() {
    let world = world().await;
    let ada = world.as_("ada");
    let list = ada.get(PATH).await.expect(200);
    let shipped = item(&list["items"][0]);
    ada.delete(&shipped).await.refused(409, "in_use");
    let rename = || json!({ "name": "Contrat national" });
    let claire = world.as_("claire");
    claire
        .patch(&shipped, rename())
        .await
        .refused(404, "not_found");
    claire.delete(&shipped).await.refused(404, "not_found");

    let created = ada.post(PATH, rename()).await.expect(201);
    assert_eq!(created["organization_id"], Value::Null);
    ada.patch(&shipped, rename()).await.expect(200);
    ada.delete(&shipped).await.expect(204);
    claire.get(&item(&created)).await.expect(200);
}

#[tokio::test]
async fn candidates_tutors_and_services_only_read_templates() {
    let world = world().await;
    let list = world.as_("tom").get(PATH).await.expect(200);
    let shipped = item(&list["items"][0]);
    for reader in ["samira", "tom", "crm", "paul"] {
        let reader = world.as_(reader);
        let body = || json!({ "name": "Contrat" });
        reader.post(PATH, body()).await.refused(403, "forbidden");
        reader
            .patch(&shipped, body())
            .await
            .refused(403, "forbidden");
        reader.delete(&shipped).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn a_commitment_has_bounds_and_its_place_is_named() {
    let world = world().await;
    let body = json!({ "tutor_commitments": ["Je viens.", ""], "organization_id": world.organization_id("rivage") });
    let mut faults = world.as_("claire").post(PATH, body).await.faults();
    faults.sort();
    let expected = [
        ("/organization_id", "unknown_field"),
        ("/tutor_commitments/1", "min_length"),
    ];
    assert_eq!(
        faults,
        expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned()))
    );
}
