//! A coordinator may tutor: in the booklets that they accompany they do what a tutor does, and no more elsewhere.

use super::*;

#[tokio::test]
async fn a_coordinator_who_tutors_does_what_a_tutor_does() {
    let world = world().await;
    let claire = world.as_("claire");
    let at = |page: &str| world.booklet("samira", page);
    let sheet = || json!({ "appointment_on": world.day(0) });
    let note = || json!({ "body": "À relire." });
    // Not a member: nothing of it is hers to write.
    let refused = claire.post(&at("action-sheets"), sheet()).await;
    refused.refused(404, "not_found");
    let tutors = json!({ "tutor_id": world.user_id("claire") });
    claire.patch(&at(""), tutors).await.expect(200);

    let sheet = claire.post(&at("action-sheets"), sheet()).await.expect(201);
    let id = sheet["id"].as_str().unwrap();
    let submit = format!("/v1/action-sheets/{id}/submit");
    let submitted = claire.act(&submit).await.expect(200);
    assert_ne!(submitted["validated_by_tutor_at"], Value::Null);
    claire.post(&at("notes"), note()).await.expect(201);
    let working = json!({ "kind": "working", "statement": "Rassembler les preuves" });
    claire.post(&at("objectives"), working).await.expect(201);
    let own = json!({ "kind": "project", "statement": "Son projet" });
    let refused = claire.post(&at("objectives"), own).await;
    refused.refused(403, "forbidden");

    // What waits for the tutor waits for her, here and nowhere else.
    let waiting = claire.get("/v1/to-do?waiting_for=me&limit=100").await;
    let waiting = waiting.expect(200);
    let waiting = waiting["items"].as_array().unwrap();
    let samira = json!(world.booklet_id("samira"));
    assert!(waiting.iter().all(|line| line["booklet_id"] == samira));
    let lacks = |line: &&Value| line["kind"] == "booklet_without_contract";
    let lacks = waiting.iter().find(lacks).unwrap();
    assert_eq!(lacks["action"], "create_contract");

    // She signs for herself, and records nobody's signature who could sign.
    let contract = json!({ "ends_on": world.day(100) });
    let contract = claire.post(&at("contracts"), contract).await.expect(201);
    let contract = format!("/v1/contracts/{}", contract["id"].as_str().unwrap());
    claire.act(&format!("{contract}/propose")).await.expect(200);
    let signatures = format!("{contract}/signatures");
    let paper = json!({ "place": "Toulouse", "method": "paper", "party": "candidate" });
    let refused = claire.sign(&signatures, paper).await;
    refused.refused(403, "not_a_party");
    let to_sign = "/v1/to-do?waiting_for=me&kind=contract_to_sign";
    let line = claire.get(to_sign).await.expect(200)["items"][0].clone();
    assert_eq!(line["action"], "sign_contract");
    let place = json!({ "place": "Toulouse" });
    let signed = claire.sign(&signatures, place).await.expect(200);
    assert_eq!(signed["signatures"][0]["party"], "tutor");
    let settled = claire.get(to_sign).await.expect(200);
    assert_eq!(settled["items"], json!([]));
    let actions = claire.get(&at("actions")).await.expect(200);
    let actions = actions["items"].as_array().unwrap().iter();
    let mut sheets = actions.filter(|one| one["name"] == "create_action_sheet");
    assert_eq!(sheets.next().unwrap()["allowed"], true);

    // Once somebody else tutors, she writes there no more, and a tutor may become a coordinator.
    let tom = json!({ "tutor_id": world.user_id("tom") });
    claire.patch(&at(""), tom).await.expect(200);
    let refused = claire.post(&at("notes"), note()).await;
    refused.refused(404, "not_found");
    let tom = format!("/v1/users/{}", world.user_id("tom"));
    let role = json!({ "role": "coordinator" });
    claire.patch(&tom, role).await.expect(200);
    let role = json!({ "role": "prescriber" });
    claire.patch(&tom, role).await.refused(409, "in_use");
}
