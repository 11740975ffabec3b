//! § 03: what the organization promises.

use serde_json::{Value, json};

use crate::world;

const PATH: &str = "/v1/pledges";

#[tokio::test]
async fn an_organization_writes_its_own_pledge() {
    let world = world().await;
    let claire = world.as_("claire");
    let list = claire.get(PATH).await.expect(200);
    assert_eq!(list["items"][0]["organization_id"], Value::Null);

    let body = json!({ "body": "Nous rappelons sous deux jours." });
    let created = claire.post(PATH, body).await;
    let path = created.header("location").unwrap().to_owned();
    let created = created.expect(201);
    assert_eq!(created["name"], list["items"][0]["name"]);
    let change = json!({ "name": "Nos promesses" });
    let changed = claire.patch(&path, change).await.expect(200);
    assert_eq!(
        (&changed["name"], &changed["body"]),
        (&json!("Nos promesses"), &created["body"])
    );
    for reader in ["samira", "tom", "crm"] {
        let reader = world.as_(reader);
        reader.get(&path).await.expect(200);
        reader.delete(&path).await.refused(403, "forbidden");
    }
    world.as_("rose").get(&path).await.refused(404, "not_found");
    claire.delete(&path).await.expect(204);
}

#[tokio::test]
async fn the_shared_pledge_belongs_to_the_platform_admin() {
    let world = world().await;
    let list = world.as_("claire").get(PATH).await.expect(200);
    let shipped = format!("{PATH}/{}", list["items"][0]["id"].as_str().unwrap());
    let change = || json!({ "body": "Nous vous écoutons." });
    let answer = world.as_("claire").patch(&shipped, change()).await;
    answer.refused(404, "not_found");
    let ada = world.as_("ada");
    ada.patch(&shipped, change()).await.expect(200);
    ada.delete(&shipped).await.refused(409, "in_use");
    ada.patch(&shipped, json!({ "body": null })).await.faults();
}
