//! § 07: the directory of an organization, and the part shared by all.

use reqwest::Method;
use serde_json::{Value, json};
use tests::{Client, World};

use crate::world;

const PATH: &str = "/v1/useful-addresses";

fn address() -> Value {
    json!({
        "category": "prescriber", "name": "Mission locale de l’Hérault",
        "missions": "Accompagne les jeunes vers l'emploi.",
    })
}

async fn add(world: &World, author: &str, body: Value) -> Value {
    world.as_(author).post(PATH, body).await.expect(201)
}

fn item(address: &Value) -> String {
    format!("{PATH}/{}", address["id"].as_str().unwrap())
}

async fn names(client: &Client, filter: &str) -> Vec<String> {
    let page = client
        .get(&format!("{PATH}?limit=100&{filter}"))
        .await
        .expect(200);
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

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
async fn a_search_knows_neither_case_nor_accents_nor_wildcards() {
    let world = world().await;
    let claire = world.as_("claire");
    add(&world, "claire", address()).await;
    for found in [
        "H%C3%A9rault",
        "HERAULT",
        "l'herault",
        "vers+l'EMPLOI",
        "EMPLOI+mission",
    ] {
        let names = names(&claire, &format!("q={found}")).await;
        assert!(
            names.contains(&"Mission locale de l’Hérault".to_owned()),
            "{found}"
        );
    }
    for missed in ["%25", "_", "!", "aveyron"] {
        let names = names(&claire, &format!("q={missed}")).await;
        assert!(names.is_empty(), "{missed}: {names:?}");
    }
    let body = json!({ "category": "other", "name": "100 % VAE !", "missions": "Aide_s" });
    add(&world, "claire", body).await;
    for found in ["100+%25", "aide_", "vae+!"] {
        assert_eq!(
            names(&claire, &format!("q={found}")).await,
            ["100 % VAE !"],
            "{found}"
        );
    }
}

#[tokio::test]
async fn what_is_searched_follows_a_change() {
    let world = world().await;
    let claire = world.as_("claire");
    let own = add(&world, "claire", address()).await;
    claire
        .patch(&item(&own), json!({ "name": "Cap emploi Lozère" }))
        .await
        .expect(200);
    assert!(names(&claire, "q=herault").await.is_empty());
    assert_eq!(names(&claire, "q=lozere").await, ["Cap emploi Lozère"]);
}

#[tokio::test]
async fn the_directory_is_filtered_by_kind_and_department() {
    let world = world().await;
    let claire = world.as_("claire");
    for (name, category, departments) in [
        ("A", "cep", json!(["34", "30"])),
        ("B", "cep", json!(["48"])),
        ("C", "other", json!(["34"])),
        ("D", "other", json!([])),
    ] {
        let body = json!({
            "category": category, "name": name, "missions": "Aide",
            "department_codes": departments,
        });
        add(&world, "claire", body).await;
    }
    assert_eq!(names(&claire, "department=34").await, ["C", "A"]);
    assert_eq!(names(&claire, "department=34&category=cep").await, ["A"]);
    assert_eq!(names(&claire, "category=other").await, ["D", "C"]);
    for unknown in ["department=4", "department=99", "category=bank"] {
        claire
            .get(&format!("{PATH}?{unknown}"))
            .await
            .refused(400, "malformed_query");
    }
}

#[tokio::test]
async fn numbers_are_written_as_people_dial_them() {
    let world = world().await;
    let claire = world.as_("claire");
    for phone in [
        "0 800 00 70 70",
        "0800007070",
        "04 67 00 00 01",
        "+33467000001",
        "3949",
        "39 49",
        "115",
        "15",
        "118 712",
    ] {
        let mut body = address();
        body["phone"] = json!(phone);
        let created = claire.post(PATH, body).await.expect(201);
        assert_eq!(created["phone"], phone);
    }
    for phone in ["", "04 67", "+0123456789", "appelez-moi", "0467000001 0"] {
        let mut body = address();
        body["phone"] = json!(phone);
        let faults = claire.post(PATH, body).await.faults();
        assert_eq!(faults, [("/phone".to_owned(), "pattern".to_owned())]);
    }
}

#[tokio::test]
async fn faults_of_an_address_come_with_their_pointers() {
    let world = world().await;
    let body = json!({
        "category": "bank", "name": "", "missions": "", "email": "nobody",
        "urls": ["javascript:alert(1)"], "department_codes": ["34", "34", "99"],
        "organization_id": null,
    });
    let mut faults = world.as_("claire").post(PATH, body).await.faults();
    faults.sort();
    let expected = [
        ("/category", "enum"),
        ("/department_codes", "unique_items"),
        ("/department_codes/2", "pattern"),
        ("/missions", "min_length"),
        ("/name", "min_length"),
        ("/organization_id", "unknown_field"),
        ("/urls/0", "pattern"),
    ];
    assert_eq!(
        faults,
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
    let mut body = address();
    body["email"] = json!("nobody");
    let faults = world.as_("claire").post(PATH, body).await.faults();
    assert_eq!(faults, [("/email".to_owned(), "email".to_owned())]);
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

#[tokio::test]
async fn other_systems_find_an_address_by_the_name_they_gave_it() {
    let world = world().await;
    let crm = world.as_("crm");
    let reference = json!({ "system": "crm", "external_id": "A-3" });
    let body = json!({ "category": "cep", "name": "CEP", "missions": "Conseiller", "external_references": [reference] });
    let path = "/v1/useful-addresses";
    let address = crm.post(path, body.clone()).await.expect(201);
    assert_eq!(address["external_references"], json!([reference]));
    let found = crm
        .get(&format!("{path}?external_system=crm&external_id=A-3"))
        .await
        .expect(200);
    assert_eq!(found["items"], json!([address]));
    crm.post(path, body.clone())
        .await
        .refused(409, "external_reference_taken");
    let other = json!({ "category": "cep", "name": "Autre CEP", "missions": "Conseiller" });
    let other = crm.post(path, other).await.expect(201);
    let taken = json!({ "external_references": [reference] });
    crm.patch(&item(&other), taken)
        .await
        .refused(409, "external_reference_taken");
    let item = item(&address);
    let none = json!({ "external_references": [] });
    let emptied = crm.patch(&item, none).await.expect(200);
    assert_eq!(emptied["external_references"], json!([]));
    // What is shared by all is nobody's to name.
    let faults = world.as_("ada").post(path, body).await.faults();
    let fault = ("/external_references".to_owned(), "not_allowed".to_owned());
    assert_eq!(faults, [fault]);
}
