//! Whose addresses they are: of an organization, or shared by all.

use super::*;

#[tokio::test]
async fn a_coordinator_keeps_the_directory_of_the_organization() {
    let world = world().await;
    let claire = world.as_("claire");
    let body = json!({
        "category": "prescriber", "name": "Mission locale", "missions": "Accompagne les jeunes.",
        "phone": "0 800 00 70 70", "email": "Accueil@Mission.Example",
        "urls": ["https://mission.example/34"], "postal_address": "1 place du Marché\n34000 Montpellier",
        "department_codes": ["34", "2A", "971"], "verified_on": "2026-11-02",
    });
    let created = claire.post(PATH, body).await;
    let location = created.header("location").unwrap().to_owned();
    let created = created.expect(201);
    assert_eq!(
        created["organization_id"],
        world.organization_id("horizon").to_string()
    );
    assert_eq!(created["email"], "accueil@mission.example");
    assert_eq!(created["department_codes"], json!(["2A", "34", "971"]));
    let changed = claire
        .patch(
            &location,
            json!({ "phone": "3949", "urls": [], "email": null }),
        )
        .await
        .expect(200);
    assert_eq!(
        (&changed["phone"], &changed["urls"], &changed["email"]),
        (&json!("3949"), &json!([]), &Value::Null)
    );
    for reader in ["tom", "samira", "paul", "vera", "crm"] {
        assert_eq!(world.as_(reader).get(&location).await.expect(200), changed);
    }
    claire.delete(&location).await.expect(204);
    claire.get(&location).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_addresses_of_another_organization_are_not_seen() {
    let world = world().await;
    let own = add(&world, "claire", address()).await;
    for stranger in ["rose", "remi", "rita", "ada"] {
        let stranger = world.as_(stranger);
        stranger.get(&item(&own)).await.refused(404, "not_found");
        let found = names(&stranger, "q=herault").await;
        assert!(found.is_empty(), "{found:?}");
    }
    let rose = world.as_("rose");
    rose.patch(&item(&own), json!({ "name": "x" }))
        .await
        .refused(404, "not_found");
    rose.delete(&item(&own)).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_shared_addresses_are_read_by_all_and_kept_by_the_admin() {
    let world = world().await;
    let shared = add(&world, "ada", address()).await;
    assert_eq!(shared["organization_id"], Value::Null);
    for reader in ["claire", "tom", "samira", "rose", "remi", "crm", "ada"] {
        world.as_(reader).get(&item(&shared)).await.expect(200);
        assert_eq!(names(&world.as_(reader), "q=herault").await.len(), 1);
    }
    for keeper in ["claire", "crm"] {
        world
            .as_(keeper)
            .patch(&item(&shared), json!({ "name": "À nous" }))
            .await
            .refused(404, "not_found");
    }
    let claire = world.as_("claire");
    claire
        .delete(&item(&shared))
        .await
        .refused(404, "not_found");
    let ada = world.as_("ada");
    ada.patch(&item(&shared), json!({ "name": "À tous" }))
        .await
        .expect(200);
    ada.delete(&item(&shared)).await.expect(204);
    assert_eq!(names(&ada, "").await.len(), 7, "the seven of the paper");
}

#[tokio::test]
async fn only_who_keeps_the_directory_writes_it() {
    let world = world().await;
    let own = add(&world, "crm", address()).await;
    for reader in ["tom", "samira", "paul", "vera"] {
        let reader = world.as_(reader);
        reader.post(PATH, address()).await.refused(403, "forbidden");
        reader
            .patch(&item(&own), json!({ "name": "x" }))
            .await
            .refused(403, "forbidden");
    }
    let crm = world.as_("crm");
    crm.patch(&item(&own), json!({ "name": "Mission" }))
        .await
        .expect(200);
    crm.delete(&item(&own)).await.refused(403, "forbidden");
    let stale = [("if-match", "\"1\"")];
    world
        .as_("claire")
        .send(Method::DELETE, &item(&own), None, &stale)
        .await
        .refused(412, "stale");
}

#[tokio::test]
async fn an_address_that_a_contact_points_at_stays() {
    let world = world().await;
    let claire = world.as_("claire");
    let own = add(&world, "claire", address()).await;
    let body = json!({ "category": "prescriber", "name": "Léo", "useful_address_id": own["id"] });
    let contact = world
        .as_("samira")
        .post(&world.booklet("samira", "personal-contacts"), body)
        .await
        .expect(201);
    claire.delete(&item(&own)).await.refused(409, "in_use");
    let contact = format!("/v1/personal-contacts/{}", contact["id"].as_str().unwrap());
    world.as_("samira").delete(&contact).await.expect(204);
    claire.delete(&item(&own)).await.expect(204);
}
