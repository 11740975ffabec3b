//! § 06: the stages of the VAE, the same for all organizations.

use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use tests::World;

use super::rows;
use crate::world;

const PATH: &str = "/v1/vae-stages";

fn stage(code: &str) -> Value {
    json!({ "code": code, "label": "Suites", "description": "Vous préparez la suite." })
}

/// The codes in their order; their positions are 1..n without holes.
async fn codes(world: &World) -> Vec<String> {
    let stages = world.as_("samira").get(PATH).await.expect(200);
    let items = stages["items"].as_array().unwrap();
    for (place, stage) in (1..).zip(items) {
        assert_eq!(stage["position"], json!(place), "{stages:#}");
    }
    items
        .iter()
        .map(|stage| stage["code"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn everybody_reads_the_five_stages() {
    let world = world().await;
    for reader in [
        "samira", "tom", "claire", "paul", "vera", "crm", "ada", "rita",
    ] {
        let stages = world.as_(reader).get(PATH).await.expect(200);
        assert_eq!(stages["items"].as_array().unwrap().len(), 5, "{reader}");
    }
    let support = world
        .as_("samira")
        .get("/v1/vae-stages/support")
        .await
        .expect(200);
    assert_eq!(
        support["label"],
        "Se faire accompagner (facultatif) et financer"
    );
    assert_eq!(support["sources"][0]["checked_on"], Value::Null);
    for unknown in ["unknown", "2", "%00"] {
        let path = format!("{PATH}/{unknown}");
        let samira = world.as_("samira");
        samira.get(&path).await.refused(404, "not_found");
    }
    world
        .anonymous()
        .get(PATH)
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn the_admin_adds_a_stage_which_no_booklet_has_started() {
    let world = world().await;
    let ada = world.as_("ada");
    let mut body = stage("after_jury");
    body["outputs"] = json!(["Le projet"]);
    body["sources"] = json!([{ "url": "https://vae.gouv.fr", "checked_on": "2026-11-02" }]);
    let created = ada.post(PATH, body).await;
    assert_eq!(
        created.header("location"),
        Some("/v1/vae-stages/after_jury")
    );
    let created = created.expect(201);
    assert_eq!(created["position"], 6);
    let read = ada.get("/v1/vae-stages/after_jury").await.expect(200);
    assert_eq!(read, created);
    for (reader, candidate) in [("samira", "samira"), ("tom", "karim"), ("rita", "rita")] {
        let path = world.booklet(candidate, "stages/after_jury");
        let progress = world.as_(reader).get(&path).await.expect(200);
        assert_eq!(progress["state"], "not_started");
        assert_eq!(progress["position"], 6);
    }
    ada.post(PATH, stage("after_jury"))
        .await
        .refused(409, "conflict");
}

#[tokio::test]
async fn stages_close_ranks() {
    let world = world().await;
    let ada = world.as_("ada");
    let mut body = stage("second");
    body["position"] = json!(2);
    ada.post(PATH, body).await.expect(201);
    let expected = [
        "information_project",
        "second",
        "support",
        "admissibility",
        "validation_file",
        "jury",
    ];
    assert_eq!(codes(&world).await, expected);
    let moved = ada
        .patch(
            "/v1/vae-stages/second",
            json!({ "position": 6, "label": "Dernière" }),
        )
        .await
        .expect(200);
    assert_eq!(
        (&moved["position"], &moved["label"]),
        (&json!(6), &json!("Dernière"))
    );
    assert_eq!(codes(&world).await[5], "second");
    ada.patch("/v1/vae-stages/second", json!({ "position": 1 }))
        .await
        .expect(200);
    assert_eq!(codes(&world).await[0], "second");
    let beyond = ada
        .patch("/v1/vae-stages/second", json!({ "position": 7 }))
        .await;
    assert_eq!(
        beyond.faults(),
        [("/position".to_owned(), "maximum".to_owned())]
    );
    ada.delete("/v1/vae-stages/second").await.expect(204);
    let codes = codes(&world).await;
    assert_eq!((codes.len(), codes[0].as_str()), (5, "information_project"));
}

#[tokio::test]
async fn a_stage_in_use_stays() {
    let world = world().await;
    let ada = world.as_("ada");
    for code in ["begun", "planned", "free"] {
        ada.post(PATH, stage(code)).await.expect(201);
    }
    rows::plan_step(&world, "karim", "horizon", Some("planned")).await;
    let progress = world.booklet("samira", "stages/begun");
    let samira = world.as_("samira");
    samira
        .patch(&progress, json!({ "comment": "Bientôt." }))
        .await
        .expect(200);
    let shipped = "/v1/vae-stages/jury";
    for used in ["/v1/vae-stages/begun", "/v1/vae-stages/planned", shipped] {
        ada.delete(used).await.refused(409, "in_use");
    }
    samira.get(&progress).await.expect(200);
    ada.delete("/v1/vae-stages/free").await.expect(204);
    let gone = world.booklet("samira", "stages/free");
    samira.get(&gone).await.refused(404, "not_found");
    // Where nothing was said about it any more, it may go.
    samira
        .patch(&progress, json!({ "comment": null }))
        .await
        .expect(200);
    ada.delete("/v1/vae-stages/begun").await.expect(204);
}

#[tokio::test]
async fn booklets_opened_while_stages_are_added_have_them_all() {
    let world = world().await;
    let (ada, claire) = (world.as_("ada"), world.as_("claire"));
    let body = json!({
        "candidate_id": world.candidate_id("samira"), "tutor_id": world.user_id("tom"),
    });
    let booklets = join_all((0..8).map(|_| claire.post("/v1/booklets", body.clone())));
    let stages = join_all(["one", "two", "three"].map(|code| ada.post(PATH, stage(code))));
    let (booklets, stages) = join(booklets, stages).await;
    for added in stages {
        added.expect(201);
    }
    assert_eq!(codes(&world).await.len(), 8);
    for opened in booklets {
        let opened = opened.expect(201);
        let path = format!("/v1/booklets/{}/stages", opened["id"].as_str().unwrap());
        let stages = claire.get(&path).await.expect(200);
        assert_eq!(stages["items"].as_array().unwrap().len(), 8);
    }
}

#[tokio::test]
async fn only_the_admin_writes_the_reference() {
    let world = world().await;
    for other in ["claire", "tom", "samira", "paul", "vera", "crm"] {
        let other = world.as_(other);
        other
            .post(PATH, stage("mine"))
            .await
            .refused(403, "forbidden");
        other
            .patch("/v1/vae-stages/jury", json!({ "label": "x" }))
            .await
            .refused(403, "forbidden");
        other
            .delete("/v1/vae-stages/jury")
            .await
            .refused(403, "forbidden");
    }
}

#[tokio::test]
async fn faults_of_a_stage_come_with_their_pointers() {
    let world = world().await;
    let ada = world.as_("ada");
    let body = json!({
        "code": "Jury 2", "label": "", "outputs": [""], "sources": [{ "link": "x" }], "position": 0,
    });
    let mut faults = ada.post(PATH, body).await.faults();
    faults.sort();
    let expected = [
        ("/code", "pattern"),
        ("/description", "required"),
        ("/label", "min_length"),
        ("/outputs/0", "min_length"),
        ("/position", "minimum"),
        ("/sources/0/link", "unknown_field"),
        ("/sources/0/url", "required"),
    ];
    assert_eq!(
        faults,
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
    let faults = ada
        .patch("/v1/vae-stages/jury", json!({ "code": "end" }))
        .await
        .faults();
    assert_eq!(faults, [("/code".to_owned(), "unknown_field".to_owned())]);
}
