//! One person who is there twice: told, and made one.

use super::*;
use crate::it::imports::checked;

fn samira() -> Value {
    json!({ "given_name": "SAMIRA", "family_name": "Ben-Ali", "birth_date": "1980-05-01", "phone": "06 12 34 56 78" })
}

async fn why(client: &Client, id: &Value) -> Vec<(Value, Value)> {
    let path = format!("/v1/candidates/{}/similar", id.as_str().unwrap());
    let list = client.get(&path).await.expect(200);
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|one| (one["id"].clone(), one["why"].clone()))
        .collect()
}

#[tokio::test]
async fn whoever_may_be_there_already_is_told() {
    let world = world().await;
    let claire = world.as_("claire");
    let first = claire.post("/v1/candidates", samira()).await.expect(201);
    assert_eq!(first["similar"], Value::Null);
    let again =
        json!({ "given_name": "Samira", "family_name": "Ben Ali", "birth_date": "1980-05-01" });
    let again = claire.post("/v1/candidates", again).await.expect(201);
    let told =
        json!([{ "id": first["id"], "name": "SAMIRA Ben-Ali", "why": ["name_and_birth_date"] }]);
    assert_eq!(again["similar"], told);
    let expected = vec![(again["id"].clone(), json!(["name_and_birth_date"]))];
    assert_eq!(why(&claire, &first["id"]).await, expected);
    assert!(why(&world.as_("crm"), &first["id"]).await == expected);

    // Nobody of another organization, and nobody else here.
    let rose = world.as_("rose");
    let elsewhere = rose.post("/v1/candidates", samira()).await.expect(201);
    assert_eq!(elsewhere["similar"], Value::Null);
    let path = format!("{}/similar", path_of(&first));
    rose.get(&path).await.refused(404, "not_found");
    world.as_("tom").get(&path).await.refused(403, "forbidden");

    let file = "external_id,given_name,family_name,birth_date,phone\n\
        C-1,Ben Ali,Samira,1980-05-01,\nC-2,Karim,Petit,,+33612345678\nC-3,Zoé,Roux,,\n";
    let import = checked(&world, file).await;
    assert_eq!(
        (&import["rows_created"], &import["rows_similar"]),
        (&json!(3), &json!(2))
    );
    let similar = import["similar"].as_array().unwrap();
    assert_eq!(similar.len(), 3);
    let phone = json!({ "line": 3, "id": first["id"], "why": ["phone"] });
    assert!(similar.contains(&phone), "{similar:?}");
}

#[tokio::test]
async fn two_who_are_one_become_one() {
    let world = world().await;
    let claire = world.as_("claire");
    let name = |id: &str| json!([{ "system": "crm", "external_id": id }]);
    let mut double = samira();
    double["external_references"] = name("C-7");
    let double = claire.post("/v1/candidates", double).await.expect(201);
    let opened = json!({ "candidate_id": double["id"], "tutor_id": world.user_id("tom") });
    let opened = claire.post("/v1/booklets", opened).await.expect(201);
    let stays = candidate(&world, "samira");
    let merge = format!("{stays}/merge");
    let from = json!({ "from": double["id"] });

    for (who, code) in [("tom", 403), ("crm", 403), ("rose", 404)] {
        let answer = world.as_(who).post(&merge, from.clone()).await;
        assert_eq!(answer.status, code, "{who}");
    }
    let other = claire.get(&candidate(&world, "nadia")).await.expect(200);
    let refused = claire.post(&merge, json!({ "from": other["id"] })).await;
    refused.refused(409, "two_accounts");
    let here = world.candidate_id("samira");
    for (id, code) in [
        (json!(here), "not_allowed"),
        (json!(world.candidate_id("rita")), "unknown_reference"),
    ] {
        let faults = claire.post(&merge, json!({ "from": id })).await.faults();
        assert_eq!(faults, [("/from".to_owned(), code.to_owned())]);
    }
    let stale = [("if-match", "\"9\"")];
    let answer = claire.send(Method::POST, &merge, Some(from.clone()), &stale);
    answer.await.refused(412, "stale");

    let before = claire.get(&stays).await.expect(200);
    let merged = claire.post(&merge, from.clone()).await.expect(200);
    assert_eq!(
        merged["version"],
        json!(before["version"].as_i64().unwrap() + 1)
    );
    assert_eq!(merged["given_name"], "Samira");
    assert_eq!(
        (&merged["birth_date"], &merged["phone"]),
        (&json!("1980-05-01"), &json!("+33612345678"))
    );
    assert_eq!(merged["external_references"], name("C-7"));
    let path = format!("/v1/booklets/{}", opened["id"].as_str().unwrap());
    let booklet = claire.get(&path).await.expect(200);
    assert_eq!(
        (&booklet["candidate_id"], &booklet["version"]),
        (&json!(here), &json!(2))
    );
    // The person herself reads both of them now.
    world.as_("samira").get(&path).await.expect(200);

    let moved = claire.get(&path_of(&double)).await;
    assert_eq!(moved.status, 301);
    assert_eq!(moved.header("location"), Some(&*stays));
    assert_eq!(world.as_("tom").get(&path_of(&double)).await.status, 301);
    for (who, status) in [("rose", 404), ("tina", 404), ("paul", 403)] {
        let answer = world.as_(who).get(&path_of(&double)).await;
        assert_eq!(answer.status, status, "{who}");
    }
    let change = json!({ "phone": null });
    claire
        .patch(&path_of(&double), change)
        .await
        .refused(404, "not_found");
    claire.post(&merge, from).await.faults();

    let changes = claire.get("/v1/changes?limit=100").await.expect(200);
    let told: Vec<_> = changes["items"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .take(3)
        .collect();
    let told: Vec<_> = told
        .iter()
        .rev()
        .map(|change| (&change["type"], &change["resource_id"], &change["changed"]))
        .collect();
    assert_eq!(
        told,
        [
            (
                &json!("booklet.updated"),
                &opened["id"],
                &json!(["candidate_id"])
            ),
            (&json!("candidate.merged"), &double["id"], &json!([])),
            (
                &json!("candidate.updated"),
                &json!(here),
                &json!(["birth_date", "phone", "external_references"])
            ),
        ]
    );
}
