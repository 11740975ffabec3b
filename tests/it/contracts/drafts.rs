//! What is prepared, from which texts, and what is frozen once it is proposed.

use super::*;

#[tokio::test]
async fn a_proposed_contract_is_frozen_until_it_is_withdrawn() {
    let world = world().await;
    let draft = draft(&world, "samira", 200).await;
    let tom = world.as_("tom");
    let change = || json!({ "pledge": "Autre promesse." });
    tom.patch(&path(&draft, ""), change()).await.expect(200);
    tom.act(&path(&draft, "withdraw"))
        .await
        .refused(409, "invalid_transition");
    let proposed = propose(&world, &draft).await;
    tom.act(&path(&draft, "propose"))
        .await
        .refused(409, "invalid_transition");
    tom.patch(&path(&draft, ""), change())
        .await
        .refused(409, "contract_frozen");
    sign(&world.as_("samira"), &proposed).await;

    let withdrawn = tom.act(&path(&draft, "withdraw")).await.expect(200);
    assert_eq!(withdrawn["state"], "draft");
    assert_eq!(withdrawn["signatures"], json!([]));
    for name in [
        "content_sha256",
        "candidate_name",
        "tutor_id",
        "proposed_at",
    ] {
        assert_eq!(withdrawn[name], Value::Null, "{name}");
    }
    tom.patch(&path(&draft, ""), change()).await.expect(200);
    let again = propose(&world, &draft).await;
    assert_eq!(again["signatures"], json!([]));
    let in_force = signed_by_both(&world, &again).await;
    tom.patch(&path(&in_force, ""), change())
        .await
        .refused(409, "contract_frozen");
    tom.act(&path(&in_force, "withdraw"))
        .await
        .refused(409, "invalid_transition");
    tom.sign(&path(&in_force, "signatures"), place())
        .await
        .refused(409, "invalid_transition");
}

#[tokio::test]
async fn a_contract_does_not_end_before_it_starts() {
    let world = world().await;
    let tom = world.as_("tom");
    let contracts = world.booklet("samira", "contracts");
    let fault = vec![("/ends_on".to_owned(), "dates_order".to_owned())];
    let body = json!({ "ends_on": world.day(-1) });
    assert_eq!(tom.post(&contracts, body).await.faults(), fault);
    let body = json!({ "starts_on": world.day(3), "ends_on": world.day(3) });
    let draft = tom.post(&contracts, body).await.expect(201);
    let change = json!({ "starts_on": world.day(4) });
    assert_eq!(tom.patch(&path(&draft, ""), change).await.faults(), fault);
    let body = json!({ "state": "in_force" });
    let faults = tom.post(&contracts, body).await.faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[tokio::test]
async fn one_contract_is_prepared_at_a_time_and_numbers_have_no_gaps() {
    let world = world().await;
    let tom = world.as_("tom");
    let contracts = world.booklet("samira", "contracts");
    let body = || json!({ "ends_on": world.day(100) });
    let mut present = in_force(&world, 100).await;
    for number in 2..5 {
        let draft = amended(&world, &present).await;
        assert_eq!(draft["number"], json!(number));
        tom.post(&contracts, body())
            .await
            .refused(409, "contract_pending");
        let proposed = propose(&world, &draft).await;
        tom.act(&path(&present, "amend"))
            .await
            .refused(409, "contract_pending");
        present = signed_by_both(&world, &proposed).await;
    }
    let list = tom.get(&contracts).await.expect(200);
    let seen: Vec<_> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|contract| {
            let signatures = contract["signatures"].as_array().unwrap().len();
            (
                contract["number"].clone(),
                contract["state"].clone(),
                signatures,
            )
        })
        .collect();
    let expected = [
        (json!(4), json!("in_force"), 2),
        (json!(3), json!("superseded"), 2),
        (json!(2), json!("superseded"), 2),
        (json!(1), json!("superseded"), 2),
    ];
    assert_eq!(seen, expected);
    let filtered = format!("{contracts}?state=in_force");
    let filtered = tom.get(&filtered).await.expect(200);
    assert_eq!(filtered["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn texts_are_copied_from_the_template_named_or_the_organizations_or_the_shipped() {
    let world = world().await;
    let (tom, claire, rose) = (world.as_("tom"), world.as_("claire"), world.as_("rose"));
    let template = |name: &str| json!({ "name": name, "preamble": name });
    let templates = "/v1/contract-templates";
    let older = claire.post(templates, template("Ancien")).await.expect(201);
    claire
        .post(templates, template("Nouveau"))
        .await
        .expect(201);
    let foreign = rose.post(templates, template("Rivage")).await.expect(201);
    let pledge = json!({ "body": "Nous serons là." });
    claire.post("/v1/pledges", pledge).await.expect(201);

    let contracts = world.booklet("samira", "contracts");
    let body = |template: &Value| json!({ "ends_on": world.day(9), "template_id": template["id"] });
    let faults = tom.post(&contracts, body(&foreign)).await.faults();
    let expected = ("/template_id".to_owned(), "unknown_reference".to_owned());
    assert_eq!(faults, [expected]);
    let named = tom.post(&contracts, body(&older)).await.expect(201);
    assert_eq!(named["preamble"], "Ancien");
    assert_eq!(named["pledge"], "Nous serons là.");
    let default = draft(&world, "karim", 9).await;
    assert_eq!(default["preamble"], "Nouveau");

    let change = json!({ "preamble": "Tout autre", "candidate_commitments": [] });
    let older = format!("{templates}/{}", older["id"].as_str().unwrap());
    claire.patch(&older, change).await.expect(200);
    let after = tom.get(&path(&named, "")).await.expect(200);
    assert_eq!(after, named, "a template changes no contract");
    claire.delete(&older).await.expect(204);
    assert_eq!(tom.get(&path(&named, "")).await.expect(200), named);
}
