//! The directory as structures: valid, whole, and the same when another organization takes it in.

use serde_json::{Value, json};
use tests::{Client, World};

use super::valid::assert_valid;
use super::{address, export, import, structure, with};
use crate::world;

/// In the order they are made.
fn addresses(world: &World) -> Vec<Value> {
    vec![
        json!({
            "category": "cep", "name": "CEP de Toulouse", "missions": "Fait le point avec vous.",
            "phone": "05 61 00 00 01", "email": "cep@toulouse.example",
            "urls": ["https://cep.example/"], "postal_address": "4 place du Marché, 31000 Toulouse",
            "department_codes": ["31"], "verified_on": "2026-03-30",
        }),
        json!({
            "category": "prescriber", "name": "Mission locale d'Ajaccio", "missions": "Jeunes.",
            "phone": "39 49", "postal_address": "1 cours Napoléon\n20000 Ajaccio",
            "department_codes": ["2A"], "verified_on": "2024-02-29",
        }),
        json!({
            "category": "other", "name": "Sans adresse", "missions": "À distance partout.",
            "verified_on": world.day(0),
        }),
    ]
}

const MAPPED: [&str; 8] = [
    "name",
    "missions",
    "phone",
    "email",
    "urls",
    "postal_address",
    "department_codes",
    "verified_on",
];

async fn own(client: &Client) -> Vec<Value> {
    let page = client
        .get("/v1/useful-addresses?limit=100&sort=created_at")
        .await;
    let all = page.expect(200)["items"].as_array().unwrap().clone();
    let own = all
        .into_iter()
        .filter(|one| !one["organization_id"].is_null());
    own.map(|one| MAPPED.iter().map(|field| one[*field].clone()).collect())
        .collect()
}

#[tokio::test]
async fn what_one_organization_exports_is_the_same_in_another() {
    let world = world().await;
    let (claire, rose) = (world.as_("claire"), world.as_("rose"));
    for body in addresses(&world) {
        claire.post("/v1/useful-addresses", body).await.expect(201);
    }
    let sent = export(&claire).await;
    assert_eq!(sent.len(), 3);
    assert_valid(&world, &sent);
    let first = &sent[0];
    for (field, value) in [
        ("source", "livret"),
        ("adresse", "4 place du Marché"),
        ("code_postal", "31000"),
        ("commune", "Toulouse"),
        ("telephone", "+33561000001"),
        ("courriel", "cep@toulouse.example"),
        ("site_web", "https://cep.example/"),
        ("date_maj", "2026-03-30"),
    ] {
        assert_eq!(first[field], value, "{field}");
    }
    import(&rose, &sent).await;
    let mut taken = own(&rose).await;
    let mut given = own(&claire).await;
    let by_name = |one: &Value| one[0].to_string();
    taken.sort_by_key(by_name);
    given.sort_by_key(by_name);
    assert_eq!(taken, given);
    let mut back = export(&rose).await;
    let by_id = |one: &Value| one["id"].to_string();
    back.sort_by_key(by_id);
    let mut sent = sent;
    sent.sort_by_key(by_id);
    assert_eq!(back, sent);
    // And at home again, each is what it was.
    let report = import(&rose, &back).await;
    assert_eq!(report["unchanged"], 3);
}

/// Own addresses, what an export makes shorter or takes apart among them.
async fn typed(world: &World, client: &Client) {
    let mut all = addresses(world);
    all.push(json!({
        "category": "cep", "name": "n".repeat(200), "missions": "Aide", "phone": "0467000001",
        "postal_address": "2 rue Haute, 34000 Montpellier", "department_codes": ["30"],
        "urls": ["https://one.example/", "https://two.example/"],
    }));
    for body in all {
        client.post("/v1/useful-addresses", body).await.expect(201);
    }
}

#[tokio::test]
async fn what_comes_home_again_is_what_it_was() {
    let world = world().await;
    let claire = world.as_("claire");
    typed(&world, &claire).await;
    let list = "/v1/useful-addresses?limit=100&sort=created_at";
    let before = claire.get(list).await.expect(200);
    let sent = export(&claire).await;
    // On another day as well.
    world.advance_days(1);
    let report = import(&world.as_("claire"), &sent).await;
    assert_eq!(
        (&report["created"], &report["updated"]),
        (&json!(0), &json!(0))
    );
    let claire = world.as_("claire");
    assert_eq!(claire.get(list).await.expect(200), before);
    assert_eq!(export(&claire).await, sent);
    // What somebody wrote into the file changes that alone.
    let mut edited = sent.clone();
    edited[3]["telephone"] = json!("3949");
    let report = import(&claire, &edited).await;
    assert_eq!(
        (&report["created"], &report["unchanged"]),
        (&json!(0), &json!(3))
    );
    let id = report["structures"][3]["useful_address_id"]
        .as_str()
        .unwrap();
    assert_eq!(sent[3]["id"], format!("livret--{id}"));
    let changed = claire.get(&format!("/v1/useful-addresses/{id}")).await;
    let changed = changed.expect(200);
    for (field, value) in [
        ("phone", json!("3949")),
        ("version", json!(2)),
        ("name", json!("n".repeat(200))),
        ("department_codes", json!(["30"])),
        ("verified_on", Value::Null),
        ("external_references", json!([])),
    ] {
        assert_eq!(changed[field], value, "{field}");
    }
}

#[tokio::test]
async fn no_two_structures_leave_under_one_id() {
    let world = world().await;
    let (claire, rose) = (world.as_("claire"), world.as_("rose"));
    let new = json!({ "category": "cep", "name": "CEP de Toulouse", "missions": "Conseille." });
    let own = claire.post("/v1/useful-addresses", new).await.expect(201);
    let own = own["id"].as_str().unwrap();
    // As an import had made it before it knew its own ids.
    let name = json!({ "system": "data-inclusion", "external_id": format!("livret--{own}") });
    let double = json!({
        "category": "cep", "name": "CEP de Toulouse", "missions": "Conseille.",
        "external_references": [name],
    });
    let double = claire.post("/v1/useful-addresses", double).await;
    let double = double.expect(201)["id"].as_str().unwrap().to_owned();
    let sent = export(&claire).await;
    let ids: Vec<&str> = sent.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [format!("livret--{own}"), format!("livret--{double}")]);
    let report = import(&claire, &sent).await;
    assert_eq!(report["unchanged"], 2);
    // To others these ids are names like any: once made, and then known.
    assert_eq!(import(&rose, &sent).await["created"], 2);
    assert_eq!(import(&rose, &sent).await["unchanged"], 2);
    assert_eq!(address(&rose, ids[0]).await["version"], 1);
    assert_eq!(export(&rose).await, sent);
    // So they are of an address that is gone.
    let gone = format!("/v1/useful-addresses/{double}");
    claire.delete(&gone).await.expect(204);
    let report = import(&claire, &sent).await;
    assert_eq!(
        (&report["created"], &report["unchanged"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(export(&claire).await, sent);
}

#[tokio::test]
async fn whatever_the_directory_holds_is_valid() {
    let world = world().await;
    let claire = world.as_("claire");
    for (name, missions, verified_on) in [
        ("n".repeat(200), "Aide".to_owned(), json!(world.day(0))),
        ("CEP".to_owned(), "é".repeat(2000), json!("2002-01-01")),
        ("Fin.".to_owned(), "Conseil".to_owned(), Value::Null),
        (
            "AB".to_owned(),
            "Trop court pour le format".to_owned(),
            Value::Null,
        ),
    ] {
        let body = json!({
            "category": "other", "name": name, "missions": missions, "verified_on": verified_on,
            "postal_address": "12345 rue longue, , 31000", "urls": ["http://a.example/?q=e"],
        });
        claire.post("/v1/useful-addresses", body).await.expect(201);
    }
    let all = export(&claire).await;
    assert_eq!(all.len(), 3);
    assert_valid(&world, &all);
    assert_eq!(all[0]["nom"], "n".repeat(150));
    assert_eq!(all[0]["description"], Value::Null);
}

#[tokio::test]
async fn a_long_directory_leaves_whole_and_in_order() {
    let world = world().await;
    let claire = world.as_("claire");
    let ids: Vec<String> = (0..400).map(|n| format!("dora--{n:03}")).collect();
    let all: Vec<Value> = ids.iter().map(|id| structure(id)).collect();
    import(&claire, &all).await;
    let told = export(&claire).await;
    let told: Vec<&str> = told.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(told, ids);
    assert!(export(&world.as_("rose")).await.is_empty());
}

#[tokio::test]
async fn what_was_imported_keeps_its_source_and_its_id() {
    let world = world().await;
    let claire = world.as_("claire");
    let fields = json!({ "source": "fagerh", "nom": "Centre de réadaptation" });
    import(&claire, &[with("fagerh--a:1", &fields)]).await;
    let told = export(&claire).await.pop().unwrap();
    assert_eq!(
        (&told["id"], &told["source"]),
        (&json!("fagerh--a:1"), &json!("fagerh"))
    );
    assert_eq!(
        address(&claire, "fagerh--a:1").await["name"],
        "Centre de réadaptation"
    );
}

#[tokio::test]
async fn each_organization_exports_its_own_and_the_admin_what_is_shared() {
    let world = world().await;
    let claire = world.as_("claire");
    import(&claire, &[structure("dora--1")]).await;
    for reader in ["claire", "tom", "samira", "crm"] {
        assert_eq!(export(&world.as_(reader)).await.len(), 1, "{reader}");
    }
    assert!(export(&world.as_("rose")).await.is_empty());
    let shared = export(&world.as_("ada")).await;
    assert_eq!(shared.len(), 7, "the seven of the paper");
    assert_valid(&world, &shared);
    let tom = world.as_("tom");
    tom.get("/v1/useful-addresses/data-inclusion/other")
        .await
        .expect(404);
}
