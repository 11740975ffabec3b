//! Who may do what with contracts, and in which order refusals come.

use super::*;

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
        let answer = tina.sign(&path(&draft, "signatures"), body).await;
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
    tom.sign(&path(&proposed, "signatures"), place())
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
