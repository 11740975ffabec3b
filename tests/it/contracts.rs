//! § 02: the contract, from its draft to its end.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use sea_orm::{ConnectionTrait, DbBackend};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tests::{Client, World};
use uuid::Uuid;

use crate::world;

fn path(contract: &Value, action: &str) -> String {
    let id = contract["id"].as_str().unwrap();
    if action.is_empty() {
        format!("/v1/contracts/{id}")
    } else {
        format!("/v1/contracts/{id}/{action}")
    }
}

fn place() -> Value {
    json!({ "place": "Toulouse" })
}

fn paper(party: &str) -> Value {
    json!({ "place": "Toulouse", "method": "paper", "party": party })
}

/// A draft of tom's, for this candidate, that ends in so many days.
async fn draft(world: &World, candidate: &str, days: i64) -> Value {
    let body = json!({ "ends_on": world.day(days) });
    let contracts = world.booklet(candidate, "contracts");
    world.as_("tom").post(&contracts, body).await.expect(201)
}

async fn proposed(world: &World, candidate: &str, days: i64) -> Value {
    let draft = draft(world, candidate, days).await;
    propose(world, &draft).await
}

async fn propose(world: &World, draft: &Value) -> Value {
    let tom = world.as_("tom");
    tom.act(&path(draft, "propose")).await.expect(200)
}

async fn sign(who: &Client, contract: &Value) -> Value {
    who.post(&path(contract, "signatures"), place())
        .await
        .expect(200)
}

async fn signed_by_both(world: &World, proposed: &Value) -> Value {
    sign(&world.as_("samira"), proposed).await;
    sign(&world.as_("tom"), proposed).await
}

async fn in_force(world: &World, days: i64) -> Value {
    let proposed = proposed(world, "samira", days).await;
    signed_by_both(world, &proposed).await
}

async fn amended(world: &World, contract: &Value) -> Value {
    let tom = world.as_("tom");
    tom.act(&path(contract, "amend")).await.expect(201)
}

async fn state_of(world: &World, contract: &Value) -> String {
    let contract = world.as_("tom").get(&path(contract, "")).await.expect(200);
    contract["state"].as_str().unwrap().to_owned()
}

async fn state_of_booklet(world: &World) -> String {
    let booklet = world.as_("claire").get(&world.booklet("samira", "")).await;
    booklet.expect(200)["state"].as_str().unwrap().to_owned()
}

/// Suspends, resumes, closes … samira's booklet.
async fn put_booklet(world: &World, action: &str, body: Option<Value>) {
    let claire = world.as_("claire");
    let path = world.booklet("samira", action);
    let answer = claire.send(reqwest::Method::POST, &path, body, &[]).await;
    answer.expect(200);
}

fn reason() -> Value {
    json!({ "reason": "Déménagement." })
}

/// What happened to samira's booklet, oldest first.
async fn changes(world: &World) -> Vec<Value> {
    let audit = format!("{}?limit=100", world.booklet("samira", "audit"));
    let mut changes = world.as_("claire").get(&audit).await.expect(200);
    let mut changes = std::mem::take(changes["items"].as_array_mut().unwrap());
    changes.reverse();
    changes
}

async fn trail(world: &World) -> Vec<String> {
    let changes = changes(world).await;
    let kinds = changes.iter().map(|change| change["type"].as_str());
    kinds.map(|kind| kind.unwrap().to_owned()).collect()
}

async fn tina_joins(world: &World, kind: &str) -> Value {
    let body = json!({ "user_id": world.user_id("tina"), "kind": kind });
    let members = world.booklet("samira", "members");
    let claire = world.as_("claire");
    claire.post(&members, body).await.expect(201)
}

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
    tom.post(&path(&in_force, "signatures"), place())
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
async fn an_amendment_replaces_the_contract_once_both_have_signed_it() {
    let world = world().await;
    let first = in_force(&world, 100).await;
    let tom = world.as_("tom");
    let second = amended(&world, &first).await;
    assert_eq!(second["supersedes_id"], first["id"]);
    for name in ["preamble", "pledge", "starts_on", "ends_on"] {
        assert_eq!(second[name], first[name], "{name}");
    }
    tom.act(&path(&second, "amend"))
        .await
        .refused(409, "invalid_transition");
    let change = json!({ "ends_on": world.day(300) });
    tom.patch(&path(&second, ""), change).await.expect(200);
    let proposed = propose(&world, &second).await;
    sign(&world.as_("samira"), &proposed).await;
    assert_eq!(state_of(&world, &first).await, "in_force");
    sign(&tom, &proposed).await;
    assert_eq!(state_of(&world, &first).await, "superseded");
    assert_eq!(state_of(&world, &second).await, "in_force");
    let trail = trail(&world).await;
    let last = &trail[trail.len() - 4..];
    let expected = [
        "contract.signed",
        "contract.in_force",
        "contract.superseded",
        "booklet.updated",
    ];
    assert_eq!(last, expected);
    world.advance_days(300);
    assert_eq!(state_of_booklet(&world).await, "active");
    world.advance_days(1);
    assert_eq!(state_of_booklet(&world).await, "open");
}

#[tokio::test]
async fn a_new_contract_replaces_the_one_in_force_too() {
    let world = world().await;
    let first = in_force(&world, 100).await;
    let second = in_force(&world, 200).await;
    assert_eq!(second["supersedes_id"], first["id"]);
    assert_eq!(state_of(&world, &first).await, "superseded");
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
async fn of_two_amendments_at_once_one_is_made() {
    let world = world().await;
    let contract = in_force(&world, 100).await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let amend = path(&contract, "amend");
    let (first, second) = tokio::join!(tom.act(&amend), claire.act(&amend));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    let refused = if first.status == 409 { first } else { second };
    refused.refused(409, "contract_pending");
}

#[tokio::test]
async fn nobody_signs_twice_or_for_someone_else() {
    let world = world().await;
    let draft = draft(&world, "samira", 100).await;
    let signatures = path(&draft, "signatures");
    let (samira, tom, claire) = (world.as_("samira"), world.as_("tom"), world.as_("claire"));
    samira
        .post(&signatures, place())
        .await
        .refused(409, "invalid_transition");
    propose(&world, &draft).await;
    let for_tom = json!({ "place": "Toulouse", "party": "tutor" });
    let fault = vec![("/party".to_owned(), "not_allowed".to_owned())];
    assert_eq!(samira.post(&signatures, for_tom).await.faults(), fault);
    samira
        .post(&signatures, paper("candidate"))
        .await
        .refused(403, "not_a_party");
    claire
        .post(&signatures, place())
        .await
        .refused(403, "not_a_party");
    let unnamed = json!({ "place": "Toulouse", "method": "paper" });
    let fault = vec![("/party".to_owned(), "required".to_owned())];
    assert_eq!(tom.post(&signatures, unnamed).await.faults(), fault);
    let nowhere = json!({ "place": " " });
    assert_eq!(tom.post(&signatures, nowhere).await.faults().len(), 1);

    samira.post(&signatures, place()).await.expect(200);
    samira
        .post(&signatures, place())
        .await
        .refused(409, "already_signed");
    tom.post(&signatures, paper("candidate"))
        .await
        .refused(409, "already_signed");
    for stranger in ["nadia", "tina", "rita", "remi", "rose"] {
        let stranger = world.as_(stranger);
        let body = paper("tutor");
        let answer = stranger.post(&signatures, body).await;
        assert!([403, 404].contains(&answer.status), "{}", answer.body);
    }
    for outsider in ["paul", "vera", "crm", "ada"] {
        let answer = world.as_(outsider).post(&signatures, place()).await;
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
    tom.post(&signatures, paper("candidate")).await.expect(200);
    let claire = world.as_("claire");
    let signed = claire.post(&signatures, paper("tutor")).await.expect(200);
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
async fn a_substitute_does_all_but_sign_and_an_observer_reads() {
    let world = world().await;
    let member = tina_joins(&world, "substitute").await;
    let tina = world.as_("tina");
    let body = json!({ "ends_on": world.day(100) });
    let contracts = world.booklet("samira", "contracts");
    let draft = tina.post(&contracts, body).await.expect(201);
    tina.act(&path(&draft, "propose")).await.expect(200);
    for body in [place(), paper("candidate")] {
        let answer = tina.post(&path(&draft, "signatures"), body).await;
        answer.refused(404, "not_found");
    }
    let member = format!("/v1/booklet-members/{}", member["id"].as_str().unwrap());
    let claire = world.as_("claire");
    claire.delete(&member).await.expect(204);
    tina_joins(&world, "observer").await;
    tina.get(&path(&draft, "")).await.expect(200);
    tina.get(&contracts).await.expect(200);
    for action in ["withdraw", "propose", "amend"] {
        let answer = tina.act(&path(&draft, action)).await;
        answer.refused(404, "not_found");
    }
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
    tom.post(&path(&proposed, "signatures"), place())
        .await
        .refused(404, "not_found");
    let signatures = path(&proposed, "signatures");
    let tina = world.as_("tina");
    tina.post(&signatures, place())
        .await
        .refused(403, "not_a_party");
    tina.act(&path(&proposed, "withdraw")).await.expect(200);
    let again = tina.act(&path(&proposed, "propose")).await.expect(200);
    assert_eq!(again["tutor_name"], "Tina Martin");
    tina.post(&signatures, place()).await.expect(200);
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

#[tokio::test]
async fn a_coordinator_terminates_a_contract_with_a_reason() {
    let world = world().await;
    let contract = in_force(&world, 100).await;
    let terminate = path(&contract, "terminate");
    for other in ["samira", "tom"] {
        let answer = world.as_(other).post(&terminate, reason()).await;
        answer.refused(403, "forbidden");
    }
    let claire = world.as_("claire");
    let fault = vec![("/reason".to_owned(), "required".to_owned())];
    assert_eq!(claire.post(&terminate, json!({})).await.faults(), fault);
    let terminated = claire.post(&terminate, reason()).await.expect(200);
    assert_eq!(
        (&terminated["state"], &terminated["terminated_on"]),
        (&json!("terminated"), &json!(world.day(0)))
    );
    assert_eq!(terminated["termination_reason"], "Déménagement.");
    assert_eq!(terminated["signatures"].as_array().unwrap().len(), 2);
    assert_eq!(state_of_booklet(&world).await, "open");
    claire
        .post(&terminate, reason())
        .await
        .refused(409, "invalid_transition");
    world
        .as_("tom")
        .act(&path(&contract, "amend"))
        .await
        .refused(409, "invalid_transition");
    let next = in_force(&world, 100).await;
    assert_eq!(next["supersedes_id"], Value::Null);
}

#[tokio::test]
async fn a_suspended_booklet_stays_suspended() {
    let world = world().await;
    let proposed = proposed(&world, "samira", 100).await;
    put_booklet(&world, "suspend", Some(reason())).await;
    let contract = signed_by_both(&world, &proposed).await;
    assert_eq!(state_of_booklet(&world).await, "suspended");
    put_booklet(&world, "resume", None).await;
    assert_eq!(state_of_booklet(&world).await, "active");
    put_booklet(&world, "suspend", Some(reason())).await;
    let claire = world.as_("claire");
    claire
        .post(&path(&contract, "terminate"), reason())
        .await
        .expect(200);
    assert_eq!(state_of_booklet(&world).await, "suspended");
    put_booklet(&world, "resume", None).await;
    assert_eq!(state_of_booklet(&world).await, "open");
}

#[tokio::test]
async fn a_booklet_that_closes_ends_its_contract_for_good() {
    for (action, body) in [
        ("close", json!({ "outcome": "full" })),
        ("withdraw", reason()),
    ] {
        let world = world().await;
        let contract = in_force(&world, 100).await;
        put_booklet(&world, action, Some(body)).await;
        assert_eq!(state_of(&world, &contract).await, "ended");
        assert!(trail(&world).await.contains(&"contract.ended".to_owned()));
        put_booklet(&world, "reopen", Some(reason())).await;
        assert_eq!(state_of(&world, &contract).await, "ended");
        assert_eq!(state_of_booklet(&world).await, "open");
    }
}

#[tokio::test]
async fn a_contract_is_shown_as_ended_from_the_day_after_its_last() {
    let world = world().await;
    let contract = in_force(&world, 10).await;
    let tom = world.as_("tom");
    let contracts = world.booklet("samira", "contracts");
    let listed = async |state: &str| {
        let list = tom.get(&format!("{contracts}?state={state}")).await;
        list.expect(200)["items"].as_array().unwrap().len()
    };
    world.advance_days(10);
    assert_eq!(state_of(&world, &contract).await, "in_force");
    assert_eq!((listed("in_force").await, listed("ended").await), (1, 0));
    world.advance_days(1);
    assert_eq!(state_of(&world, &contract).await, "ended");
    assert_eq!((listed("in_force").await, listed("ended").await), (0, 1));
    tom.act(&path(&contract, "amend"))
        .await
        .refused(409, "invalid_transition");
    let claire = world.as_("claire");
    claire
        .post(&path(&contract, "terminate"), reason())
        .await
        .refused(409, "invalid_transition");

    let next = in_force(&world, 10).await;
    assert_eq!(next["supersedes_id"], Value::Null);
    assert!(trail(&world).await.contains(&"contract.ended".to_owned()));
    assert_eq!(state_of(&world, &contract).await, "ended");
}

#[tokio::test]
async fn the_service_writes_down_once_that_a_contract_has_ended() {
    let world = world().await;
    let contract = in_force(&world, 10).await;
    let lasting = proposed(&world, "karim", 90).await;
    for party in ["candidate", "tutor"] {
        let tom = world.as_("tom");
        tom.post(&path(&lasting, "signatures"), paper(party))
            .await
            .expect(200);
    }
    assert_eq!(api::server::end_expired(&world.state).await.unwrap(), 0);
    world.advance_days(11);
    let (first, second) = tokio::join!(
        api::server::end_expired(&world.state),
        api::server::end_expired(&world.state)
    );
    assert_eq!(first.unwrap() + second.unwrap(), 1);
    assert_eq!(state_of(&world, &contract).await, "ended");
    assert_eq!(state_of(&world, &lasting).await, "in_force");
    assert_eq!(state_of_booklet(&world).await, "open");
    let changes = changes(&world).await;
    let [.., ended, opened] = &changes[..] else {
        panic!("two changes at least");
    };
    assert_eq!(
        (&ended["type"], &ended["state"]),
        (&json!("contract.ended"), &json!("ended"))
    );
    assert_eq!(
        (&opened["type"], &opened["state"]),
        (&json!("booklet.updated"), &json!("open"))
    );
    assert_eq!(
        (&ended["actor_id"], &ended["actor_role"]),
        (&Value::Null, &json!("system"))
    );
}

#[tokio::test]
async fn a_contract_that_cannot_be_ended_now_keeps_no_other_from_it() {
    let world = world().await;
    let busy = in_force(&world, 10).await;
    let other = proposed(&world, "karim", 9).await;
    for party in ["candidate", "tutor"] {
        let tom = world.as_("tom");
        tom.post(&path(&other, "signatures"), paper(party))
            .await
            .expect(200);
    }
    let day = world.day(10);
    let txn = world.state.db.begin().await.unwrap();
    let (guard, release) = match txn.get_database_backend() {
        DbBackend::Sqlite => (
            format!(
                "CREATE TRIGGER busy BEFORE UPDATE ON contracts WHEN NEW.ends_on = '{day}'
                 BEGIN SELECT RAISE(ABORT, 'busy'); END"
            ),
            "DROP TRIGGER busy",
        ),
        _ => (
            format!(
                "CREATE FUNCTION busy() RETURNS trigger LANGUAGE plpgsql
                 AS $$ BEGIN RAISE EXCEPTION 'busy'; END $$;
                 CREATE TRIGGER busy BEFORE UPDATE ON contracts FOR EACH ROW
                 WHEN (NEW.ends_on = DATE '{day}') EXECUTE FUNCTION busy()"
            ),
            "DROP TRIGGER busy ON contracts",
        ),
    };
    txn.execute_unprepared(&guard).await.unwrap();
    txn.commit().await.unwrap();
    world.advance_days(11);
    assert_eq!(api::server::end_expired(&world.state).await.unwrap(), 1);
    let txn = world.state.db.begin().await.unwrap();
    txn.execute_unprepared(release).await.unwrap();
    txn.commit().await.unwrap();
    assert_eq!(api::server::end_expired(&world.state).await.unwrap(), 1);
    assert_eq!(api::server::end_expired(&world.state).await.unwrap(), 0);
    assert_eq!(state_of(&world, &busy).await, "ended");
}

#[tokio::test]
async fn a_booklet_out_of_reach_is_told_before_a_template_that_is_not_there() {
    let world = world().await;
    let body = || json!({ "ends_on": world.day(9), "template_id": api::kit::new_id() });
    let contracts = world.booklet("samira", "contracts");
    let tina = world.as_("tina").post(&contracts, body()).await;
    tina.refused(404, "not_found");
    let unknown = ("/template_id".to_owned(), "unknown_reference".to_owned());
    let tom = world.as_("tom").post(&contracts, body()).await;
    assert_eq!(tom.faults(), [unknown]);
}

#[tokio::test]
async fn a_closed_booklet_takes_no_contract() {
    let world = world().await;
    let proposed = proposed(&world, "samira", 10).await;
    put_booklet(&world, "close", Some(json!({ "outcome": "none" }))).await;
    let tom = world.as_("tom");
    let body = json!({ "ends_on": world.day(9) });
    tom.post(&world.booklet("samira", "contracts"), body)
        .await
        .refused(409, "booklet_closed");
    tom.post(&path(&proposed, "signatures"), place())
        .await
        .refused(409, "booklet_closed");
    tom.act(&path(&proposed, "withdraw"))
        .await
        .refused(409, "booklet_closed");
    tom.get(&path(&proposed, "")).await.expect(200);
}

#[tokio::test]
async fn candidates_read_and_sign_and_others_are_kept_out() {
    let world = world().await;
    let draft = draft(&world, "samira", 10).await;
    let contracts = world.booklet("samira", "contracts");
    let body = || json!({ "ends_on": world.day(9) });
    let samira = world.as_("samira");
    samira.get(&contracts).await.expect(200);
    samira
        .post(&contracts, body())
        .await
        .refused(403, "forbidden");
    let change = json!({ "pledge": "Tout." });
    samira
        .patch(&path(&draft, ""), change)
        .await
        .refused(403, "forbidden");
    samira
        .act(&path(&draft, "propose"))
        .await
        .refused(403, "forbidden");
    for stranger in ["nadia", "tina", "remi", "rose", "rita"] {
        let stranger = world.as_(stranger);
        for path in [path(&draft, ""), path(&draft, "proof"), contracts.clone()] {
            stranger.get(&path).await.refused(404, "not_found");
        }
    }
    for outsider in ["paul", "vera", "crm", "ada"] {
        let answer = world.as_(outsider).get(&path(&draft, "")).await;
        answer.refused(403, "forbidden");
    }
    let anonymous = world.anonymous().get(&contracts).await;
    anonymous.refused(401, "unauthenticated");
    let unknown = format!("/v1/contracts/{}", Uuid::nil());
    samira.get(&unknown).await.refused(404, "not_found");
}

#[tokio::test]
async fn an_action_honours_the_version_it_is_sent() {
    let world = world().await;
    let draft = draft(&world, "samira", 10).await;
    let tom = world.as_("tom");
    let propose = path(&draft, "propose");
    let act = |headers| tom.send(reqwest::Method::POST, &propose, None, headers);
    act(&[("if-match", "\"9\"")]).await.refused(412, "stale");
    act(&[("if-match", "\"1\"")]).await.expect(200);
    let change = Some(json!({ "pledge": "Tout." }));
    tom.send(reqwest::Method::PATCH, &path(&draft, ""), change, &[])
        .await
        .refused(428, "precondition_required");
}
