//! § 05: the plan is proposed by one party and agreed by the other.

use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use tests::{Client, World};

use crate::world;

async fn add_step(world: &World, candidate: &str) -> String {
    let step = json!({
        "objective": "Adopter la posture attendue", "label": "Entraînement",
        "activity": "workshop", "grouping": "individual",
    });
    let tutor = if candidate == "rita" { "remi" } else { "tom" };
    let created = world
        .as_(tutor)
        .post(&world.booklet(candidate, "plan-steps"), step)
        .await
        .expect(201);
    format!("/v1/plan-steps/{}", created["id"].as_str().unwrap())
}

async fn plan(by: &Client, world: &World, candidate: &str) -> Value {
    by.get(&world.booklet(candidate, "plan")).await.expect(200)
}

/// Adds a step, has tom propose the plan and samira agree it.
async fn agreed(world: &World) -> String {
    let step = add_step(world, "samira").await;
    world
        .as_("tom")
        .act(&world.booklet("samira", "plan/propose"))
        .await
        .expect(200);
    world
        .as_("samira")
        .act(&world.booklet("samira", "plan/agree"))
        .await
        .expect(200);
    step
}

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
        for never in ["claire", "paul", "vera", "crm", "ada", "rose"] {
            world.as_(never).act(&path).await.refused(403, "forbidden");
        }
        for stranger in ["tina", "nadia", "remi", "rita"] {
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

#[tokio::test]
async fn editing_an_agreed_plan_makes_it_a_draft_again() {
    let world = world().await;
    let tom = world.as_("tom");
    add_step(&world, "samira").await;
    for edit in [
        json!({ "objective": "Autre" }),
        json!({ "label": "Autre" }),
        json!({ "activity": "interview" }),
        json!({ "grouping": "either" }),
        json!({ "duration_minutes": 90 }),
        json!({ "position": 1 }),
    ] {
        let step = agreed(&world).await;
        tom.patch(&step, edit.clone()).await.expect(200);
        let plan = plan(&tom, &world, "samira").await;
        assert_eq!(plan["state"], "draft", "{edit}");
        for undone in [
            "proposed_by",
            "agreed_by_candidate_at",
            "agreed_by_tutor_at",
        ] {
            assert_eq!(plan[undone], Value::Null, "{edit}");
        }
    }
    let step = agreed(&world).await;
    tom.delete(&step).await.expect(204);
    assert_eq!(plan(&tom, &world, "samira").await["state"], "draft");
}

#[tokio::test]
async fn editing_a_proposed_plan_withdraws_the_proposal() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    add_step(&world, "samira").await;
    tom.act(&world.booklet("samira", "plan/propose"))
        .await
        .expect(200);
    add_step(&world, "samira").await;
    assert_eq!(plan(&tom, &world, "samira").await["state"], "draft");
    samira
        .act(&world.booklet("samira", "plan/agree"))
        .await
        .refused(409, "invalid_transition");
}

#[tokio::test]
async fn progress_leaves_the_plan_agreed_and_raises_its_version() {
    let world = world().await;
    let tom = world.as_("tom");
    let step = agreed(&world).await;
    let mut version = plan(&tom, &world, "samira").await["version"]
        .as_i64()
        .unwrap();
    for progress in [
        json!({ "planned_from": "2026-11-01", "planned_to": "2026-11-10" }),
        json!({ "vae_stage": "jury" }),
        json!({ "state": "in_progress" }),
        json!({ "state": "done", "done_on": "2026-11-12" }),
        json!({ "variance_reason": "Salle indisponible" }),
    ] {
        tom.patch(&step, progress.clone()).await.expect(200);
        let plan = plan(&tom, &world, "samira").await;
        assert_eq!(plan["state"], "agreed", "{progress}");
        version += 1;
        assert_eq!(plan["version"], version, "{progress}");
    }
}

#[tokio::test]
async fn an_action_honours_the_version_sent_and_a_closed_booklet_refuses() {
    let world = world().await;
    let tom = world.as_("tom");
    add_step(&world, "samira").await;
    let propose = world.booklet("samira", "plan/propose");
    let with = |etag| [("if-match", etag)];
    tom.send(Method::POST, &propose, None, &with("\"1\""))
        .await
        .refused(412, "stale");
    let claire = world.as_("claire");
    let reason = || json!({ "reason": "Déménagement" });
    claire
        .post(&world.booklet("samira", "withdraw"), reason())
        .await
        .expect(200);
    tom.send(Method::POST, &propose, None, &with("\"1\""))
        .await
        .refused(412, "stale");
    tom.act(&propose).await.refused(409, "booklet_closed");
    claire
        .post(&world.booklet("samira", "reopen"), reason())
        .await
        .expect(200);
    tom.send(Method::POST, &propose, None, &with("\"2\""))
        .await
        .expect(200);
}

#[tokio::test]
async fn what_happened_to_a_plan_is_told_in_events() {
    let world = world().await;
    let step = agreed(&world).await;
    world
        .as_("tom")
        .patch(&step, json!({ "label": "Autre" }))
        .await
        .expect(200);
    let txn = world.state.db.begin().await.unwrap();
    #[expect(clippy::disallowed_methods, reason = "a test looks behind the API")]
    let events = entity::event::Entity::find().all(&txn).await.unwrap();
    let told: Vec<(&str, Option<&str>)> = events
        .iter()
        .map(|event| (event.kind.as_str(), event.state.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("plan_step.created", Some("planned")),
            ("plan.proposed", Some("proposed")),
            ("plan.agreed", Some("agreed")),
            ("plan.updated", Some("draft")),
            ("plan_step.updated", Some("planned")),
        ]
    );
    assert_eq!(events[4].changed.0, ["label"]);
}
