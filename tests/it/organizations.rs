//! Training organizations.

use serde_json::{Value, json};

use crate::world;

#[tokio::test]
async fn the_admin_makes_changes_and_deletes_an_organization() {
    let world = world().await;
    let ada = world.as_("ada");
    let created = ada
        .post("/v1/organizations", json!({ "name": "Centre Aurore" }))
        .await;
    let path = created.header("location").unwrap().to_owned();
    let created = created.expect(201);
    assert_eq!(
        [&created["timezone"], &created["locale"]],
        [&json!("Europe/Paris"), &json!("fr")]
    );
    assert_eq!(created["retention_months"], 24);
    assert_eq!(ada.get(&path).await.expect(200), created);

    let change = json!({ "siret": "73282932000074", "email": "Accueil@Aurore.example", "timezone": "Indian/Reunion", "retention_months": 120 });
    let changed = ada.patch(&path, change).await.expect(200);
    assert_eq!(changed["siret"], "73282932000074");
    assert_eq!(changed["email"], "accueil@aurore.example");
    assert_eq!(
        (&changed["name"], &changed["version"]),
        (&json!("Centre Aurore"), &json!(2))
    );
    let erased = ada.patch(&path, json!({ "siret": null })).await.expect(200);
    assert_eq!(erased["siret"], Value::Null);

    ada.delete(&path).await.expect(204);
    ada.get(&path).await.refused(404, "not_found");
}

#[tokio::test]
async fn a_coordinator_changes_their_own_organization_and_sees_no_other() {
    let world = world().await;
    let own = format!("/v1/organizations/{}", world.organization_id("horizon"));
    let other = format!("/v1/organizations/{}", world.organization_id("rivage"));
    let claire = world.as_("claire");
    let list = claire.get("/v1/organizations").await.expect(200);
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        list["items"][0]["id"],
        world.organization_id("horizon").to_string()
    );
    let change = || json!({ "phone": "+33467000000" });
    claire.patch(&own, change()).await.expect(200);
    claire
        .patch(&other, change())
        .await
        .refused(404, "not_found");
    claire.get(&other).await.refused(404, "not_found");
    for name in ["tom", "samira", "paul", "vera", "crm"] {
        let person = world.as_(name);
        person.get(&own).await.expect(200);
        person.get(&other).await.refused(404, "not_found");
        person.patch(&own, change()).await.refused(403, "forbidden");
    }
    for name in ["claire", "tom", "crm"] {
        let person = world.as_(name);
        person.delete(&own).await.refused(403, "forbidden");
        person
            .post("/v1/organizations", json!({ "name": "Autre" }))
            .await
            .refused(403, "forbidden");
    }
    let all = world.as_("ada").get("/v1/organizations").await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    world
        .anonymous()
        .get(&own)
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn an_organization_that_accompanies_somebody_stays() {
    let world = world().await;
    let path = format!("/v1/organizations/{}", world.organization_id("rivage"));
    world.as_("ada").delete(&path).await.refused(409, "in_use");
    world.as_("rose").get(&path).await.expect(200);
}

#[tokio::test]
async fn an_organization_without_candidates_goes_with_its_accounts() {
    let world = world().await;
    let ada = world.as_("ada");
    let created = ada
        .post("/v1/organizations", json!({ "name": "Éphémère" }))
        .await
        .expect(201);
    let coordinator = json!({ "email": "cleo@ephemere.example", "given_name": "Cléo", "family_name": "Roux", "role": "coordinator", "organization_id": created["id"] });
    let coordinator = ada.post("/v1/users", coordinator).await.expect(201);
    let path = format!("/v1/organizations/{}", created["id"].as_str().unwrap());
    ada.delete(&path).await.expect(204);
    let account = format!("/v1/users/{}", coordinator["id"].as_str().unwrap());
    ada.get(&account).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_an_organization_says_of_itself_is_checked() {
    let world = world().await;
    let ada = world.as_("ada");
    let faults = async |body: Value| {
        let mut faults = ada.post("/v1/organizations", body).await.faults();
        faults.sort();
        faults
    };
    let fault = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    assert_eq!(
        faults(json!({ "siret": "123", "retention_months": 5, "id": 1 })).await,
        [
            fault("/id", "unknown_field"),
            fault("/name", "required"),
            fault("/retention_months", "minimum"),
            fault("/siret", "pattern"),
        ]
    );
    let body = json!({ "name": "X", "siret": "73282932000075", "timezone": "Europe/Lutetia", "email": "nowhere" });
    assert_eq!(
        faults(body).await,
        [
            fault("/email", "email"),
            fault("/siret", "siret"),
            fault("/timezone", "timezone"),
        ]
    );
    assert_eq!(
        faults(json!({ "name": "   ", "retention_months": 121 })).await,
        [
            fault("/name", "min_length"),
            fault("/retention_months", "maximum"),
        ]
    );
}
