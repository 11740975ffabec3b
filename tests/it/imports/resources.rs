//! Booklets and useful addresses out of files.

use serde_json::{Value, json};
use tests::World;

use super::{CSV, counts, faults, send_as, went};
use crate::world;

async fn one(world: &World, collection: &str, external_id: &str) -> Value {
    let path = format!("/v1/{collection}?external_system=crm&external_id={external_id}");
    let page = world.as_("claire").get(&path).await.expect(200);
    page["items"][0].clone()
}

async fn applied(world: &World, resource: &str, file: &str) -> Value {
    let query = format!("resource={resource}&system=crm&apply=all_or_nothing");
    went(world, send_as(world, &query, CSV, file).await).await
}

#[tokio::test]
async fn a_booklet_comes_with_all_that_comes_with_one_and_names_people_as_the_crm_does() {
    let world = world().await;
    let people = "external_id,given_name,family_name\nC-1,Inès,Roy\nC-2,Eve,Roy\n";
    applied(&world, "candidates", people).await;
    let file = "external_id;candidate_external_id;tutor_email;certification.label;certification.rncp_code;opened_on\n\
        B-1;C-1;Tom@livret.example;CAP Cuisine;38430;2026-01-05\n\
        B-2;C-2;tina@livret.example;;;\n";
    let import = applied(&world, "booklets", file).await;
    assert_eq!(
        counts(&import),
        ("done", [2, 0, 0, 0]),
        "{:?}",
        faults(&world, &import).await
    );
    let booklet = one(&world, "booklets", "B-1").await;
    assert_eq!(booklet["state"], "open");
    assert_eq!(booklet["opened_on"], "2026-01-05");
    assert_eq!(booklet["tutor_id"], json!(world.user_id("tom")));
    assert_eq!(booklet["certification"]["rncp_code"], "38430");
    let path = format!("/v1/booklets/{}", booklet["id"].as_str().unwrap());
    let tom = world.as_("tom");
    assert_eq!(
        tom.get(&format!("{path}/plan")).await.expect(200)["state"],
        "draft"
    );
    let stages = tom.get(&format!("{path}/stages")).await.expect(200);
    assert_eq!(stages["items"].as_array().unwrap().len(), 5);
    let members = tom.get(&format!("{path}/members")).await.expect(200);
    assert_eq!(members["items"][0]["kind"], "tutor");
    assert_eq!(
        one(&world, "booklets", "B-2").await["certification"],
        json!(null)
    );
    assert_eq!(
        counts(&applied(&world, "booklets", file).await),
        ("done", [0, 0, 2, 0])
    );
}

/// A page of them has more values than a statement may have on SQLite.
#[tokio::test]
async fn a_page_of_booklets_comes_whole() {
    let world = world().await;
    let karim = world.candidate_id("karim");
    let rows = (0..500).map(|row| format!("B-{row},{karim},tom@livret.example\n"));
    let rows: String = rows.collect();
    let file = format!("external_id,candidate_id,tutor_email\n{rows}");
    let import = applied(&world, "booklets", &file).await;
    assert_eq!(counts(&import), ("done", [500, 0, 0, 0]));
}

#[tokio::test]
async fn a_booklet_made_by_a_file_is_the_one_that_a_post_makes() {
    let world = world().await;
    let karim = world.candidate_id("karim");
    let tom = world.user_id("tom");
    let body = json!({ "candidate_id": karim, "tutor_id": tom, "opened_on": "2026-01-05" });
    let posted = world
        .as_("claire")
        .post("/v1/booklets", body)
        .await
        .expect(201);
    let file =
        format!("external_id,candidate_id,tutor_id,opened_on\nB-1,{karim},{tom},2026-01-05\n");
    applied(&world, "booklets", &file).await;
    let mut filed = one(&world, "booklets", "B-1").await;
    filed["external_references"] = json!([]);
    for field in ["id", "created_at", "updated_at"] {
        filed[field] = posted[field].clone();
    }
    assert_eq!(filed, posted);
    let filed = one(&world, "booklets", "B-1").await;
    for page in ["members", "stages", "audit"] {
        let mut counts = Vec::new();
        for booklet in [&filed, &posted] {
            let path = format!("/v1/booklets/{}/{page}", booklet["id"].as_str().unwrap());
            let page = world.as_("claire").get(&path).await.expect(200);
            counts.push(page["items"].as_array().unwrap().len());
        }
        assert_eq!(counts[0], counts[1], "{page}");
    }
}

#[tokio::test]
async fn a_row_hands_a_booklet_to_another_tutor_and_cannot_change_whose_it_is() {
    let world = world().await;
    let karim = world.candidate_id("karim");
    let row = |candidate, tutor: &str| {
        format!("external_id,candidate_id,tutor_email\nB-1,{candidate},{tutor}@livret.example\n")
    };
    applied(&world, "booklets", &row(karim, "tom")).await;
    let import = applied(&world, "booklets", &row(karim, "theo")).await;
    assert_eq!(counts(&import), ("done", [0, 1, 0, 0]));
    let booklet = one(&world, "booklets", "B-1").await;
    assert_eq!(booklet["tutor_id"], json!(world.user_id("theo")));
    let path = format!("/v1/booklets/{}", booklet["id"].as_str().unwrap());
    world.as_("theo").get(&path).await.expect(200);
    world.as_("tom").get(&path).await.refused(404, "not_found");
    let samira = world.candidate_id("samira");
    let import = applied(&world, "booklets", &row(samira, "theo")).await;
    let found = faults(&world, &import).await;
    assert_eq!(
        (&*found[0].2, &*found[0].3),
        ("/candidate_id", "not_allowed")
    );
    let import = applied(&world, "booklets", &row(karim, "vera")).await;
    let found = faults(&world, &import).await;
    assert_eq!((&*found[0].2, &*found[0].3), ("/tutor_id", "wrong_role"));
}

#[tokio::test]
async fn a_closed_booklet_stays_as_it_is() {
    let world = world().await;
    let karim = world.candidate_id("karim");
    let file = format!("external_id,candidate_id,tutor_email\nB-1,{karim},tom@livret.example\n");
    applied(&world, "booklets", &file).await;
    let id = one(&world, "booklets", "B-1").await["id"].clone();
    let close = format!("/v1/booklets/{}/close", id.as_str().unwrap());
    let outcome = json!({ "outcome": "full" });
    world.as_("claire").post(&close, outcome).await.expect(200);
    assert_eq!(
        counts(&applied(&world, "booklets", &file).await),
        ("done", [0, 0, 1, 0])
    );
    let file = "external_id,purpose\nB-1,Autre chose\n";
    let import = applied(&world, "booklets", file).await;
    assert_eq!(counts(&import), ("ready", [0, 0, 0, 1]));
}

#[tokio::test]
async fn useful_addresses_have_lists_in_their_cells() {
    let world = world().await;
    let file = "external_id,category,name,missions,department_codes,urls\n\
        A-1,prescriber,Mission locale,\"Conseiller, orienter\",34|30,https://ml.example|https://ml.example/34\n\
        A-2,cep,CEP,Conseiller,,\n\
        A-3,pigeon,CEP,Conseiller,99,\n";
    let import = applied(&world, "useful_addresses", file).await;
    assert_eq!(counts(&import), ("ready", [2, 0, 0, 1]));
    let found = faults(&world, &import).await;
    let places: Vec<_> = found
        .iter()
        .map(|fault| (fault.0, fault.1.clone()))
        .collect();
    assert_eq!(places, [(4, json!(2)), (4, json!(5))]);
    super::apply(&world, &import, "valid_rows").await;
    let address = one(&world, "useful-addresses", "A-1").await;
    assert_eq!(address["department_codes"], json!(["30", "34"]));
    assert_eq!(address["urls"].as_array().unwrap().len(), 2);
}
