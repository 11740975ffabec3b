//! Proposed by one, agreed by the other, and by nobody else.

use super::*;

#[tokio::test]
async fn a_plan_exists_empty_from_the_start() {
    let world = world().await;
    for reader in ["samira", "tom", "claire"] {
        let plan = plan(&world.as_(reader), &world, "samira").await;
        assert_eq!(plan["state"], "draft");
        assert_eq!(plan["steps"], json!([]));
        assert_eq!(plan["booklet_id"], json!(world.booklet_id("samira")));
        assert_eq!(plan["on_behalf"], false);
    }
    let path = world.booklet("samira", "plan");
    for stranger in ["tina", "nadia", "rose", "remi"] {
        let stranger = world.as_(stranger);
        stranger.get(&path).await.refused(404, "not_found");
    }
    for never in ["paul", "vera", "crm", "ada"] {
        world.as_(never).get(&path).await.refused(403, "forbidden");
    }
}

#[tokio::test]
async fn the_tutor_proposes_and_the_candidate_agrees() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    add_step(&world, "samira").await;
    let propose = world.booklet("samira", "plan/propose");
    let agree = world.booklet("samira", "plan/agree");
    samira.act(&agree).await.refused(409, "invalid_transition");
    let proposed = tom.act(&propose).await;
    let etag = proposed.header("etag").unwrap().to_owned();
    let proposed = proposed.expect(200);
    assert_eq!(proposed["etag"], etag);
    assert_eq!(proposed["state"], "proposed");
    assert_eq!(proposed["proposed_by"], "tutor");
    assert!(proposed["agreed_by_tutor_at"].is_string());
    assert_eq!(proposed["agreed_by_candidate_at"], Value::Null);
    assert_eq!(proposed["steps"].as_array().unwrap().len(), 1);

    tom.act(&agree).await.refused(409, "own_proposal");
    for again in [&tom, &samira] {
        again.act(&propose).await.refused(409, "invalid_transition");
    }
    let agreed = samira.act(&agree).await.expect(200);
    assert_eq!(agreed["state"], "agreed");
    assert_eq!(agreed["proposed_by"], "tutor");
    assert!(agreed["agreed_by_candidate_at"].is_string());
    assert_eq!(agreed["on_behalf"], false);
    tom.act(&propose).await.refused(409, "invalid_transition");
    samira.act(&agree).await.refused(409, "invalid_transition");
    assert_eq!(plan(&tom, &world, "samira").await, agreed);
}

#[tokio::test]
async fn the_candidate_proposes_and_the_tutor_agrees() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    add_step(&world, "samira").await;
    let proposed = samira
        .act(&world.booklet("samira", "plan/propose"))
        .await
        .expect(200);
    assert_eq!(proposed["proposed_by"], "candidate");
    let agree = world.booklet("samira", "plan/agree");
    samira.act(&agree).await.refused(409, "own_proposal");
    let agreed = tom.act(&agree).await.expect(200);
    assert_eq!(
        (&agreed["state"], &agreed["on_behalf"]),
        (&json!("agreed"), &json!(false))
    );
}

#[tokio::test]
async fn for_a_candidate_without_account_the_tutor_agrees_and_it_shows() {
    let world = world().await;
    let tom = world.as_("tom");
    let step = add_step(&world, "karim").await;
    tom.act(&world.booklet("karim", "plan/propose"))
        .await
        .expect(200);
    let agreed = tom
        .act(&world.booklet("karim", "plan/agree"))
        .await
        .expect(200);
    assert_eq!(agreed["state"], "agreed");
    assert_eq!(agreed["on_behalf"], true);
    assert!(agreed["agreed_by_candidate_at"].is_string());

    tom.patch(&step, json!({ "label": "Répétition" }))
        .await
        .expect(200);
    assert_eq!(plan(&tom, &world, "karim").await["on_behalf"], false);
}

#[tokio::test]
async fn an_empty_plan_is_not_proposed() {
    let world = world().await;
    let propose = world.booklet("samira", "plan/propose");
    for party in ["tom", "samira"] {
        world
            .as_(party)
            .act(&propose)
            .await
            .refused(409, "plan_empty");
    }
}

#[tokio::test]
async fn a_substitute_proposes_and_agrees_and_an_observer_reads() {
    let world = world().await;
    let propose = world.booklet("samira", "plan/propose");
    add_step(&world, "samira").await;
    let tina = world.as_("tina");
    tina.act(&propose).await.refused(404, "not_found");
    let claire = world.as_("claire");
    let observer = json!({ "user_id": world.user_id("tina"), "kind": "observer" });
    let member = claire
        .post(&world.booklet("samira", "members"), observer)
        .await
        .expect(201);
    plan(&tina, &world, "samira").await;
    tina.act(&propose).await.refused(404, "not_found");

    let member = format!("/v1/booklet-members/{}", member["id"].as_str().unwrap());
    claire
        .patch(&member, json!({ "kind": "substitute" }))
        .await
        .expect(200);
    let proposed = tina.act(&propose).await.expect(200);
    assert_eq!(proposed["proposed_by"], "tutor");
    world
        .as_("tom")
        .act(&world.booklet("samira", "plan/agree"))
        .await
        .refused(409, "own_proposal");
}

#[tokio::test]
async fn only_the_parties_propose_and_agree() {
    let world = world().await;
    add_step(&world, "samira").await;
    for action in ["plan/propose", "plan/agree"] {
        let path = world.booklet("samira", action);
        for never in ["paul", "vera", "crm", "ada"] {
            world.as_(never).act(&path).await.refused(403, "forbidden");
        }
        for stranger in ["tina", "nadia", "remi", "rita", "claire", "rose"] {
            let stranger = world.as_(stranger);
            stranger.act(&path).await.refused(404, "not_found");
        }
        world
            .anonymous()
            .act(&path)
            .await
            .refused(401, "unauthenticated");
    }
}
