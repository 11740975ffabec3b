//! Nobody signs what they have not read, and nobody makes both signatures.

use reqwest::Method;
use serde_json::{Value, json};
use tests::World;

use crate::world;

/// A contract of samira's, proposed; its address and what tom was answered.
async fn proposed(world: &World) -> (String, Value) {
    let tom = world.as_("tom");
    let body = json!({ "ends_on": world.day(100) });
    let drafted = tom.post(&world.booklet("samira", "contracts"), body).await;
    let contract = drafted.expect(201)["id"].as_str().unwrap().to_owned();
    let contract = format!("/v1/contracts/{contract}");
    let shown = tom.act(&format!("{contract}/propose")).await.expect(200);
    (contract, shown)
}

/// The tutor takes back what the candidate is reading, and proposes something else.
async fn exchanged(world: &World, contract: &str) -> Value {
    let tom = world.as_("tom");
    tom.act(&format!("{contract}/withdraw")).await.expect(200);
    let other = json!({ "preamble": "Tout autre chose." });
    tom.patch(contract, other).await.expect(200);
    tom.act(&format!("{contract}/propose")).await.expect(200)
}

#[tokio::test]
async fn a_text_exchanged_while_it_was_read_is_not_signed() {
    let world = world().await;
    let (contract, read) = proposed(&world).await;
    let present = exchanged(&world, &contract).await;
    let samira = world.as_("samira");
    let signatures = format!("{contract}/signatures");
    let place = || Some(json!({ "place": "Toulouse" }));

    let blind = samira.send(Method::POST, &signatures, place(), &[]).await;
    blind.refused(428, "precondition_required");
    for any in ["*", "\"1\", *", "\"1\", \"2\", \"4\""] {
        let any = [("if-match", any)];
        let signed = samira.send(Method::POST, &signatures, place(), &any).await;
        signed.refused(428, "precondition_required");
    }
    let etag = [("if-match", read["etag"].as_str().unwrap())];
    let stale = samira.send(Method::POST, &signatures, place(), &etag).await;
    stale.refused(412, "stale");
    let sha256 =
        |of: &Value| json!({ "place": "Toulouse", "content_sha256": of["content_sha256"] });
    let other = samira.post(&signatures, sha256(&read)).await;
    let fault = ("/content_sha256".to_owned(), "other_content".to_owned());
    assert_eq!(other.faults(), [fault]);
    let shown = samira.get(&contract).await.expect(200);
    assert_eq!(shown["signatures"], json!([]));

    samira.post(&signatures, sha256(&present)).await.expect(200);
    // The tutor read the same text before the candidate signed it.
    let tom = world.as_("tom").post(&signatures, sha256(&present)).await;
    assert_eq!(tom.expect(200)["state"], "in_force");
}

#[tokio::test]
async fn a_version_is_enough_too() {
    let world = world().await;
    let (contract, mut read) = proposed(&world).await;
    for name in ["samira", "tom"] {
        let etag = read["etag"].as_str().unwrap().to_owned();
        let place = Some(json!({ "place": "Toulouse" }));
        let signatures = format!("{contract}/signatures");
        let (client, etag) = (world.as_(name), [("if-match", etag.as_str())]);
        let signed = client.send(Method::POST, &signatures, place, &etag).await;
        read = signed.expect(200);
    }
    assert_eq!(read["state"], "in_force");
}

#[tokio::test]
async fn a_tutor_does_not_sign_for_a_candidate_who_could() {
    let world = world().await;
    let (contract, shown) = proposed(&world).await;
    let signatures = format!("{contract}/signatures");
    let sha256 = &shown["content_sha256"];
    let on_paper = json!({
        "place": "Toulouse", "method": "paper", "party": "candidate", "content_sha256": sha256,
    });
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let both = tom.post(&signatures, on_paper.clone()).await;
    both.refused(403, "not_a_party");
    assert_eq!(world.mails().await.len(), 0);

    claire.post(&signatures, on_paper).await.expect(200);
    let own = json!({ "place": "Toulouse", "content_sha256": sha256 });
    let signed = tom.post(&signatures, own).await.expect(200);
    assert_eq!(signed["state"], "in_force");
    let recorded_by = &signed["signatures"][0]["recorded_by"];
    assert_eq!(recorded_by, &json!(world.user_id("claire")));

    let told = world.mails_to("samira@livret.example").await;
    assert_eq!(told.len(), 1);
    let subject = "Votre signature sur papier vient d'être enregistrée";
    assert_eq!(told[0].subject, subject);
    let booklet = world.booklet_id("samira").to_string();
    assert!(told[0].text.contains(&booklet), "{}", told[0].text);
}
