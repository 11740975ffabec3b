//! What a change of a step does to the agreement, to the version, and to the trail.

use super::*;

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
