//! One search across people, their booklets and the directory.

use serde_json::{Value, json};
use tests::Client;

use crate::world;

async fn found(who: &Client, q: &str) -> Value {
    who.get(&format!("/v1/search?q={q}")).await.expect(200)
}

fn names(found: &Value, kind: &str) -> Vec<String> {
    let items = found[kind].as_array().unwrap();
    items
        .iter()
        .map(|item| item["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_person_is_found_with_their_booklet_though_their_name_is_mistyped() {
    let world = world().await;
    let claire = world.as_("claire");
    let body = json!({ "given_name": "Ludivine", "family_name": "Carpentier", "phone": "+33612345678", "email": "ludivine@courriel.example" });
    let new = claire.post("/v1/candidates", body).await.expect(201);
    for q in [
        "carpentier",
        "CARPANTIER",
        "ludivine",
        "Capentier%20Ludivine",
        "06%2012%2034%2056%2078",
        "ludivine@courriel.example",
    ] {
        let found = found(&claire, q).await;
        assert_eq!(names(&found, "candidates"), ["Ludivine Carpentier"], "{q}");
        assert_eq!(found["candidates"][0]["id"], new["id"]);
        assert_eq!(found["booklets"], json!([]));
    }
    let samira = found(&claire, "samira").await;
    assert_eq!(samira["candidates"][0]["name"], "Samira Benali");
    let booklet = json!(world.booklet_id("samira"));
    assert_eq!(samira["booklets"][0]["id"], booklet);
    assert_eq!(samira["booklets"][0]["state"], "open");
    // As people are called now, and no longer when they are gone.
    let one = format!("/v1/candidates/{}", new["id"].as_str().unwrap());
    claire
        .patch(&one, json!({ "family_name": "Vasseur" }))
        .await
        .expect(200);
    assert_eq!(
        names(&found(&claire, "carpentier").await, "candidates").len(),
        0
    );
    assert_eq!(
        names(&found(&claire, "vaseur").await, "candidates").len(),
        1
    );
    claire.delete(&one).await.expect(204);
    assert_eq!(
        names(&found(&claire, "vasseur").await, "candidates").len(),
        0
    );
}

#[tokio::test]
async fn nobody_finds_what_is_out_of_their_reach() {
    let world = world().await;
    let claire = world.as_("claire");
    let reference = json!({ "external_references": [{ "system": "crm", "external_id": "D-77" }] });
    claire
        .patch(&world.booklet("samira", ""), reference)
        .await
        .expect(200);
    let ids = |found: &Value| found["booklets"].as_array().unwrap().len();
    for (name, theirs) in [
        ("claire", 1),
        ("tom", 1),
        ("tina", 0),
        ("samira", 1),
        ("rose", 0),
    ] {
        let who = world.as_(name);
        assert_eq!(ids(&found(&who, "D-77").await), theirs, "{name}");
        let people = names(&found(&who, "samira").await, "candidates");
        assert_eq!(people.len(), theirs, "{name}");
    }
    assert!(names(&found(&claire, "martin").await, "users").len() > 1);
    assert_eq!(
        names(&found(&world.as_("samira"), "tom%20martin").await, "users").len(),
        0
    );
    world
        .as_("paul")
        .get("/v1/search?q=samira")
        .await
        .refused(403, "forbidden");
    claire
        .get("/v1/search?q=a")
        .await
        .refused(400, "malformed_query");
    claire
        .get("/v1/search")
        .await
        .refused(400, "malformed_query");
}

#[tokio::test]
async fn the_best_come_first_and_bodies_of_the_directory_are_found() {
    let world = world().await;
    let claire = world.as_("claire");
    for family in ["Lefebvre", "Lefebvrier", "Lefevre"] {
        let body = json!({ "given_name": "Ana", "family_name": family });
        claire.post("/v1/candidates", body).await.expect(201);
    }
    let found_people = names(&found(&claire, "lefebvre").await, "candidates");
    assert_eq!(
        found_people,
        ["Ana Lefebvre", "Ana Lefebvrier", "Ana Lefevre"]
    );
    for n in 0..12 {
        let body = json!({ "given_name": format!("Eva {n}"), "family_name": "Lefebvre" });
        claire.post("/v1/candidates", body).await.expect(201);
    }
    assert_eq!(
        names(&found(&claire, "lefebvre").await, "candidates").len(),
        10
    );
    let body = json!({ "category": "other", "name": "Mission locale de l’Hérault", "missions": "Logement" });
    claire.post("/v1/useful-addresses", body).await.expect(201);
    let shown = found(&claire, "herault%20mission").await;
    assert_eq!(
        names(&shown, "useful_addresses"),
        ["Mission locale de l’Hérault"]
    );
}
