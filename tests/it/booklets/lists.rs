//! Found: by reach, by filters, by other systems' names; and what happened.

use super::*;

#[tokio::test]
async fn the_list_shows_what_is_within_reach_and_filters_it() {
    let world = world().await;
    let count = async |name: &str, query: &str| {
        let page = world
            .as_(name)
            .get(&format!("/v1/booklets{query}"))
            .await
            .expect(200);
        page["items"].as_array().unwrap().len()
    };
    assert_eq!(count("claire", "").await, 3);
    assert_eq!(count("tom", "").await, 2);
    assert_eq!(count("samira", "").await, 1);
    assert_eq!(count("rose", "").await, 1);
    assert_eq!(count("crm", "").await, 3);
    world
        .as_("claire")
        .post(
            &world.booklet("samira", "close"),
            json!({ "outcome": "none" }),
        )
        .await
        .expect(200);
    assert_eq!(count("claire", "?state=closed").await, 1);
    assert_eq!(count("claire", "?state=open&archived=false").await, 2);
    assert_eq!(count("claire", "?state=active").await, 0);
    assert_eq!(
        count("claire", &format!("?tutor_id={}", world.user_id("tina"))).await,
        1
    );
    let tomorrow = "2999-01-01T00:00:00Z";
    assert_eq!(
        count("claire", &format!("?updated_since={tomorrow}")).await,
        0
    );
    world
        .as_("paul")
        .get("/v1/booklets")
        .await
        .refused(403, "forbidden");
    world
        .as_("ada")
        .get("/v1/booklets")
        .await
        .refused(403, "forbidden");
}

#[tokio::test]
async fn every_change_of_a_booklet_is_in_its_audit() {
    let world = world().await;
    let tom = world.as_("tom");
    tom.patch(
        &world.booklet("samira", ""),
        json!({ "purpose": "Réussir" }),
    )
    .await
    .expect(200);
    tom.post(
        &world.booklet("samira", "suspend"),
        json!({ "reason": "Pause" }),
    )
    .await
    .expect(200);
    let audit = world
        .as_("samira")
        .get(&world.booklet("samira", "audit?limit=1"))
        .await
        .expect(200);
    assert_eq!(audit["items"][0]["type"], "booklet.suspended");
    assert_eq!(audit["items"][0]["state"], "suspended");
    let next = audit["next"].as_str().unwrap();
    let path = world.booklet("samira", &format!("audit?limit=1&after={next}"));
    let event = world.as_("samira").get(&path).await.expect(200)["items"][0].clone();
    assert_eq!(
        (&event["type"], &event["changed"]),
        (&json!("booklet.updated"), &json!(["purpose"]))
    );
    assert_eq!(
        (&event["actor_id"], &event["actor_role"]),
        (&json!(world.user_id("tom")), &json!("tutor"))
    );
    assert_eq!(event["actor"]["name"], "Tom Martin");
    assert!(!event.to_string().contains("Réussir"));
    world
        .as_("tina")
        .get(&world.booklet("samira", "audit"))
        .await
        .refused(404, "not_found");
    world
        .as_("paul")
        .get(&world.booklet("samira", "audit"))
        .await
        .refused(403, "forbidden");
}

#[tokio::test]
async fn other_systems_find_a_booklet_by_the_name_they_gave_it() {
    let world = world().await;
    let crm = world.as_("crm");
    let reference = json!({ "system": "crm", "external_id": "D-7" });
    let body = json!({
        "candidate_id": world.candidate_id("karim"),
        "tutor_id": world.user_id("tina"),
        "external_references": [reference],
    });
    let booklet = crm.post("/v1/booklets", body.clone()).await.expect(201);
    assert_eq!(booklet["external_references"], json!([reference]));
    let found = crm
        .get("/v1/booklets?external_system=crm&external_id=D-7")
        .await
        .expect(200);
    assert_eq!(found["items"], json!([booklet]));
    crm.post("/v1/booklets", body)
        .await
        .refused(409, "external_reference_taken");

    let path = format!("/v1/booklets/{}", booklet["id"].as_str().unwrap());
    let untouched = crm.patch(&path, json!({ "purpose": "Autre" })).await;
    assert_eq!(
        untouched.expect(200)["external_references"],
        json!([reference])
    );
    let none = json!({ "external_references": [] });
    let tina = world.as_("tina");
    tina.patch(&path, none.clone())
        .await
        .refused(403, "forbidden");
    let emptied = crm.patch(&path, none).await.expect(200);
    assert_eq!(emptied["external_references"], json!([]));
    assert_eq!(tina.get(&path).await.expect(200), emptied);
}
