//! Who signs, and the proof of what was signed.

use super::*;

#[tokio::test]
async fn a_contract_signed_by_both_is_in_force() {
    let world = world().await;
    let draft = draft(&world, "samira", 200).await;
    assert_eq!(
        (&draft["state"], &draft["number"], &draft["starts_on"]),
        (&json!("draft"), &json!(1), &json!(world.day(0)))
    );
    assert_eq!(draft["candidate_commitments"].as_array().unwrap().len(), 5);
    assert_eq!(draft["signatures"], json!([]));

    let proposed = propose(&world, &draft).await;
    assert_eq!(proposed["state"], "proposed");
    assert_eq!(proposed["candidate_name"], "Samira Benali");
    assert_eq!(proposed["tutor_name"], "Tom Martin");
    assert_eq!(proposed["organization_name"], "Horizon Formation");
    assert_eq!(proposed["tutor_id"], json!(world.user_id("tom")));

    let once = sign(&world.as_("samira"), &proposed).await;
    assert_eq!(
        (&once["state"], &once["version"]),
        (&json!("proposed"), &json!(3))
    );
    let signature = &once["signatures"][0];
    assert_eq!(
        (
            &signature["party"],
            &signature["method"],
            &signature["place"]
        ),
        (&json!("candidate"), &json!("click"), &json!("Toulouse"))
    );
    assert_eq!(signature["signer_id"], json!(world.user_id("samira")));
    assert_eq!(signature["signer_name"], "Samira Benali");
    assert_eq!(signature["content_sha256"], proposed["content_sha256"]);

    let twice = sign(&world.as_("tom"), &proposed).await;
    assert_eq!(
        (&twice["state"], &twice["version"]),
        (&json!("in_force"), &json!(4))
    );
    assert_eq!(twice["signatures"][1]["party"], "tutor");
    let read = world.as_("samira").get(&path(&draft, "")).await;
    assert_eq!(read.header("etag"), Some("\"4\""));
    assert_eq!(read.expect(200), twice);

    assert_eq!(state_of_booklet(&world).await, "active");
    let expected = [
        "contract.created",
        "contract.proposed",
        "contract.signed",
        "contract.signed",
        "contract.in_force",
        "booklet.updated",
    ];
    assert_eq!(trail(&world).await, expected);
}

#[tokio::test]
async fn anybody_can_hash_a_contract_again() {
    let world = world().await;
    let draft = draft(&world, "samira", 200).await;
    let tom = world.as_("tom");
    let change =
        json!({ "preamble": "Café \u{20ac} \"à\" <l'heure>\u{2028}\n", "ends_on": world.day(300) });
    tom.patch(&path(&draft, ""), change).await.expect(200);
    tom.get(&path(&draft, "proof"))
        .await
        .refused(409, "invalid_transition");
    let proposed = propose(&world, &draft).await;
    let served = signed_by_both(&world, &proposed).await;
    let signed: serde_json::Map<String, Value> = [
        "booklet_id",
        "number",
        "preamble",
        "candidate_commitments",
        "tutor_commitments",
        "pledge",
        "starts_on",
        "ends_on",
        "candidate_name",
        "tutor_name",
        "organization_name",
    ]
    .into_iter()
    .map(|name| (name.to_owned(), served[name].clone()))
    .collect();
    let canonical = serde_json_canonicalizer::to_string(&signed).unwrap();
    let hash = format!("{:x}", Sha256::digest(&canonical));
    assert_eq!(served["content_sha256"], json!(hash));

    let proof = world.as_("samira").get(&path(&draft, "proof")).await;
    let proof = proof.expect(200);
    assert_eq!(proof["canonical"], json!(canonical));
    assert_eq!(proof["content_sha256"], json!(hash));
    assert_eq!(proof["signatures"], served["signatures"]);
    for signature in proof["signatures"].as_array().unwrap() {
        assert_eq!(signature["content_sha256"], json!(hash));
    }
}

#[tokio::test]
async fn two_signatures_at_once_bring_it_into_force_once() {
    let world = world().await;
    let proposed = proposed(&world, "samira", 100).await;
    let (samira, tom) = (world.as_("samira"), world.as_("tom"));
    let (first, second) = tokio::join!(sign(&samira, &proposed), sign(&tom, &proposed));
    let mut states = [first["state"].clone(), second["state"].clone()];
    states.sort_by_key(ToString::to_string);
    assert_eq!(states, [json!("in_force"), json!("proposed")]);
    let read = tom.get(&path(&proposed, "")).await.expect(200);
    assert_eq!(read["state"], "in_force");
    assert_eq!(read["signatures"].as_array().unwrap().len(), 2);
    let trail = trail(&world).await;
    let times = trail.iter().filter(|kind| *kind == "contract.in_force");
    assert_eq!(times.count(), 1);
}

#[tokio::test]
async fn nobody_signs_twice_or_for_someone_else() {
    let world = world().await;
    let draft = draft(&world, "samira", 100).await;
    let signatures = path(&draft, "signatures");
    let (samira, tom, claire) = (world.as_("samira"), world.as_("tom"), world.as_("claire"));
    samira
        .sign(&signatures, place())
        .await
        .refused(409, "invalid_transition");
    propose(&world, &draft).await;
    let for_tom = json!({ "place": "Toulouse", "party": "tutor" });
    let fault = vec![("/party".to_owned(), "not_allowed".to_owned())];
    assert_eq!(samira.sign(&signatures, for_tom).await.faults(), fault);
    samira
        .sign(&signatures, paper("candidate"))
        .await
        .refused(403, "not_a_party");
    claire
        .sign(&signatures, place())
        .await
        .refused(403, "not_a_party");
    let unnamed = json!({ "place": "Toulouse", "method": "paper" });
    let fault = vec![("/party".to_owned(), "required".to_owned())];
    assert_eq!(tom.sign(&signatures, unnamed).await.faults(), fault);
    let nowhere = json!({ "place": " " });
    assert_eq!(tom.sign(&signatures, nowhere).await.faults().len(), 1);

    samira.sign(&signatures, place()).await.expect(200);
    samira
        .sign(&signatures, place())
        .await
        .refused(409, "already_signed");
    claire
        .sign(&signatures, paper("candidate"))
        .await
        .refused(409, "already_signed");
    for stranger in ["nadia", "tina", "rita", "remi", "rose"] {
        let stranger = world.as_(stranger);
        let body = paper("tutor");
        let answer = stranger.sign(&signatures, body).await;
        assert!([403, 404].contains(&answer.status), "{}", answer.body);
    }
    for outsider in ["paul", "vera", "crm", "ada"] {
        let answer = world.as_(outsider).sign(&signatures, place()).await;
        answer.refused(403, "forbidden");
    }
    let read = tom.get(&path(&draft, "")).await.expect(200);
    assert_eq!(read["signatures"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_candidate_without_account_signs_on_paper() {
    let world = world().await;
    let proposed = proposed(&world, "karim", 100).await;
    let signatures = path(&proposed, "signatures");
    let tom = world.as_("tom");
    tom.sign(&signatures, paper("candidate")).await.expect(200);
    let claire = world.as_("claire");
    let signed = claire.sign(&signatures, paper("tutor")).await.expect(200);
    assert_eq!(signed["state"], "in_force");
    let [first, second] = [&signed["signatures"][0], &signed["signatures"][1]];
    assert_eq!(
        (&first["signer_id"], &first["recorded_by"]),
        (&Value::Null, &json!(world.user_id("tom")))
    );
    assert_eq!(
        (&second["signer_id"], &second["recorded_by"]),
        (
            &json!(world.user_id("tom")),
            &json!(world.user_id("claire"))
        )
    );
    assert_eq!(first["method"], "paper");
    assert_eq!(first["signer_name"], "Karim Benali");
}

#[tokio::test]
async fn the_tutor_of_the_proposal_is_the_party() {
    let world = world().await;
    let proposed = proposed(&world, "samira", 100).await;
    let change = json!({ "tutor_id": world.user_id("tina") });
    let claire = world.as_("claire");
    claire
        .patch(&world.booklet("samira", ""), change)
        .await
        .expect(200);
    let tom = world.as_("tom");
    tom.sign(&path(&proposed, "signatures"), place())
        .await
        .refused(404, "not_found");
    let signatures = path(&proposed, "signatures");
    let tina = world.as_("tina");
    tina.sign(&signatures, place())
        .await
        .refused(403, "not_a_party");
    tina.act(&path(&proposed, "withdraw")).await.expect(200);
    let again = tina.act(&path(&proposed, "propose")).await.expect(200);
    assert_eq!(again["tutor_name"], "Tina Martin");
    tina.sign(&signatures, place()).await.expect(200);
}
