//! Found by names, by dates, and by what other systems call them.

use super::*;
use crate::it::imports;

#[tokio::test]
async fn candidates_are_found_by_parts_of_their_names_without_accents() {
    let world = world().await;
    let claire = world.as_("claire");
    let mut body = elodie();
    body["email"] = json!("e_100%@exemple.fr");
    let created = claire.post("/v1/candidates", body).await.expect(201);
    let elodie: Uuid = created["id"].as_str().unwrap().parse().unwrap();
    for words in [
        "lefevre",
        "%C3%89LODIE",
        "muller%20elo",
        "LEF%C3%88VRE-M",
        "e_100%25@",
    ] {
        assert_eq!(
            ids(&claire, &format!("?q={words}")).await,
            [elodie],
            "{words}"
        );
    }
    assert_eq!(ids(&claire, "?q=elodie+dupont").await, NOBODY);
    assert_eq!(ids(&claire, "?q=f_vre").await, NOBODY);
    assert_eq!(ids(&claire, "?q=%5C").await, NOBODY);
    assert_eq!(ids(&claire, "?q=").await.len(), 4);
    assert_eq!(ids(&world.as_("rose"), "?q=lefevre").await, NOBODY);
    let patch = json!({ "family_name": "Dupont" });
    claire.patch(&path_of(&created), patch).await.expect(200);
    assert_eq!(ids(&claire, "?q=elodie+dupont").await, [elodie]);
    claire
        .get("/v1/candidates?q=%00")
        .await
        .refused(400, "malformed_query");
    let long = format!("/v1/candidates?q={}", "a".repeat(201));
    claire.get(&long).await.refused(400, "malformed_query");
}

#[tokio::test]
async fn names_are_found_and_in_order_as_people_type_them() {
    let world = world().await;
    let claire = world.as_("claire");
    let mut made = Vec::new();
    for (given, family, typed) in [
        ("Łucja", "Łukowski", "lukowski"),
        ("Thị", "Đặng", "dang"),
        ("Kåre", "Ørsted", "orsted"),
        ("Jean Pierre", "Zola", "jean-pierre"),
        ("Awa", "N’Diaye", "ndiaye"),
    ] {
        let body = json!({ "given_name": given, "family_name": family });
        let id = claire.post("/v1/candidates", body).await.expect(201)["id"].clone();
        let id: Uuid = id.as_str().unwrap().parse().unwrap();
        assert_eq!(ids(&claire, &format!("?q={typed}")).await, [id], "{typed}");
        made.push(id);
    }
    let [lukowski, dang, orsted, zola, ndiaye] = made[..] else {
        unreachable!()
    };
    let mut in_order = ids(&claire, "?sort=name&limit=100").await;
    in_order.retain(|id| made.contains(id));
    assert_eq!(in_order, [dang, lukowski, ndiaye, orsted, zola]);
}

#[tokio::test]
async fn a_name_is_kept_as_it_is_seen_and_on_one_line() {
    let world = world().await;
    let body = json!({
        "given_name": "A\u{200b}na\u{202e}", "family_name": "Le\r\nRoy", "accessibility_needs": "a\nb",
    });
    let kept = world
        .as_("claire")
        .post("/v1/candidates", body)
        .await
        .expect(201);
    assert_eq!(
        (&kept["given_name"], &kept["family_name"]),
        (&json!("Ana"), &json!("Le Roy"))
    );
    assert_eq!(kept["accessibility_needs"], "a\nb");
    let unseen = json!({ "given_name": "\u{200b}", "family_name": "Roy" });
    let refused = world
        .as_("claire")
        .post("/v1/candidates", unseen)
        .await
        .faults();
    assert_eq!(
        refused,
        [("/given_name".to_owned(), "min_length".to_owned())]
    );
}

#[tokio::test]
async fn days_that_nobody_means_are_refused_in_bodies_and_files() {
    let world = world().await;
    let claire = world.as_("claire");
    let born = |day: &str| json!({ "given_name": "A", "family_name": "B", "birth_date": day });
    for (day, code) in [("1850-01-01", "minimum"), ("0002-05-01", "minimum")] {
        let refused = claire.post("/v1/candidates", born(day)).await.faults();
        assert_eq!(refused, [("/birth_date".to_owned(), code.to_owned())]);
        let patch = json!({ "birth_date": day });
        let refused = claire
            .patch(&candidate(&world, "karim"), patch)
            .await
            .faults();
        assert_eq!(refused, [("/birth_date".to_owned(), code.to_owned())]);
    }
    let file = "given_name;family_name;birth_date\nA;B;01/01/1850\n";
    let import = imports::checked(&world, file).await;
    assert_eq!(import["rows_faulty"], 1);
    let call = json!({ "contacted_on": "2062-11-20", "contact_mode": "sms", "comment": "Oui" });
    let refused = world
        .as_("tom")
        .post(&world.booklet("samira", "follow-ups"), call)
        .await;
    assert_eq!(
        refused.faults(),
        [("/contacted_on".to_owned(), "maximum".to_owned())]
    );
    let ends = json!({ "ends_on": "2206-06-30" });
    let refused = world
        .as_("tom")
        .post(&world.booklet("samira", "contracts"), ends)
        .await;
    assert_eq!(
        refused.faults(),
        [("/ends_on".to_owned(), "maximum".to_owned())]
    );
}

#[tokio::test]
async fn a_list_can_start_from_what_changed_since() {
    let world = world().await;
    let claire = world.as_("claire");
    world.advance_days(1);
    let since = world.clock.now().to_rfc3339().replace('+', "%2B");
    claire
        .patch(
            &candidate(&world, "karim"),
            json!({ "phone": "+33612345678" }),
        )
        .await
        .expect(200);
    assert_eq!(
        ids(&claire, &format!("?updated_since={since}")).await,
        [world.candidate_id("karim")]
    );
}

#[tokio::test]
async fn external_references_name_one_candidate_of_an_organization() {
    let world = world().await;
    let crm = world.as_("crm");
    let reference = |id: &str| json!({ "system": "crm", "external_id": id });
    let mut body = elodie();
    body["external_references"] = json!([reference("C-2"), reference("C-1")]);
    let created = crm.post("/v1/candidates", body.clone()).await.expect(201);
    let path = path_of(&created);
    assert_eq!(
        created["external_references"],
        json!([reference("C-1"), reference("C-2")])
    );
    assert_eq!(crm.get(&path).await.expect(200), created);
    let found = crm
        .get("/v1/candidates?external_system=crm&external_id=C-1")
        .await
        .expect(200);
    assert_eq!(found["items"], json!([created]));
    assert_eq!(
        ids(&crm, "?external_system=other&external_id=C-1").await,
        NOBODY
    );

    crm.post("/v1/candidates", body.clone())
        .await
        .refused(409, "external_reference_taken");
    let karim = candidate(&world, "karim");
    let taken = json!({ "external_references": [reference("C-1")] });
    crm.patch(&karim, taken.clone())
        .await
        .refused(409, "external_reference_taken");
    let twice = json!({ "external_references": [reference("C-9"), reference("C-9")] });
    let faults = crm.patch(&karim, twice).await.faults();
    assert_eq!(
        faults,
        [("/external_references".to_owned(), "unique_items".to_owned())]
    );
    // Another organization's, and another kind of object's, are other names.
    world
        .as_("rose")
        .post("/v1/candidates", body)
        .await
        .expect(201);
    let tom = format!("/v1/users/{}", world.user_id("tom"));
    crm.patch(&tom, taken).await.expect(200);

    let replaced = json!({ "external_references": [reference("C-3")] });
    let changed = crm.patch(&path, replaced).await.expect(200);
    assert_eq!(changed["external_references"], json!([reference("C-3")]));
    assert_eq!(changed["version"], 2);
    assert_eq!(
        ids(&crm, "?external_system=crm&external_id=C-1").await,
        NOBODY
    );
    let untouched = crm
        .patch(&path, json!({ "given_name": "Élo" }))
        .await
        .expect(200);
    assert_eq!(untouched["external_references"], json!([reference("C-3")]));
}

#[tokio::test]
async fn an_external_reference_is_given_once_even_at_once() {
    let world = world().await;
    let crm = world.as_("crm");
    let mut body = elodie();
    body["external_references"] = json!([{ "system": "crm", "external_id": "C-1" }]);
    let attempts = (0..8).map(|_| crm.post("/v1/candidates", body.clone()));
    let answers = futures_util::future::join_all(attempts).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    let refused = answers.iter().filter(|answer| answer.status == 409).count();
    assert_eq!((made, refused), (1, 7));
    assert_eq!(ids(&crm, "?q=elodie").await.len(), 1);
}
