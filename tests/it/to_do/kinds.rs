//! Each kind: appears when it should, for whom it should, and goes when it is done.

use super::*;

#[tokio::test]
async fn a_contract_is_proposed_signed_ends_and_is_missed() {
    let world = world().await;
    let (claire, tom, samira) = (world.as_("claire"), world.as_("tom"), world.as_("samira"));
    let missing = of(&[("booklet_without_contract", "tutor")]);
    assert_eq!(waiting(&world, &samira, "samira").await, missing);
    let body = json!({ "ends_on": world.day(20) });
    let contracts = world.booklet("samira", "contracts");
    let draft = tom.post(&contracts, body).await.expect(201);
    let to_propose = of(&[("contract_to_propose", "tutor")]);
    assert_eq!(waiting(&world, &claire, "samira").await, to_propose);
    named_actions_are_possible(&world).await;

    let at = path(&draft, "contracts");
    tom.act(&format!("{at}/propose")).await.expect(200);
    let both = of(&[
        ("contract_to_sign", "candidate"),
        ("contract_to_sign", "tutor"),
    ]);
    assert_eq!(waiting(&world, &tom, "samira").await, both);
    named_actions_are_possible(&world).await;
    let mine = lines(&samira, "waiting_for=me").await;
    assert_eq!(mine.len(), 1);
    let name = json!({ "id": world.candidate_id("samira"), "name": "Samira Benali" });
    assert_eq!(mine[0]["label"], "Contrat à signer (n° 1)");
    assert_eq!(mine[0]["candidate"], name);
    assert_eq!(mine[0]["tutor"]["name"], "Tom Martin");
    assert_eq!(mine[0]["due_on"], json!(world.day(0)));
    assert_eq!(mine[0]["overdue"], false);
    assert_eq!(mine[0]["resource_id"], draft["id"]);
    assert_eq!(mine[0]["action"], "sign_contract");
    let signatures = format!("{at}/signatures");
    let place = || json!({ "place": "Lyon" });
    tom.sign(&signatures, place()).await.expect(200);
    let theirs = of(&[("contract_to_sign", "candidate")]);
    assert_eq!(waiting(&world, &tom, "samira").await, theirs);
    assert_eq!(
        lines(&tom, "waiting_for=me&kind=contract_to_sign").await,
        [] as [Value; 0]
    );

    samira.sign(&signatures, place()).await.expect(200);
    let ending = of(&[("contract_ending", "tutor")]);
    assert_eq!(waiting(&world, &tom, "samira").await, ending);
    named_actions_are_possible(&world).await;
    tom.act(&format!("{at}/amend")).await.expect(201);
    assert_eq!(waiting(&world, &tom, "samira").await, to_propose);
    let amendment = lines(&tom, "kind=contract_to_propose").await.remove(0);
    assert_eq!(amendment["label"], "Contrat à proposer (n° 2)");

    // Karim has no account: his signature is recorded on paper, once the tutor has signed.
    let contracts = world.booklet("karim", "contracts");
    let body = json!({ "ends_on": world.day(10) });
    let draft = tom.post(&contracts, body).await.expect(201);
    let at = path(&draft, "contracts");
    tom.act(&format!("{at}/propose")).await.expect(200);
    let to_sign = of(&[("contract_to_sign", "tutor")]);
    assert_eq!(waiting(&world, &tom, "karim").await, to_sign);
    let signatures = format!("{at}/signatures");
    tom.sign(&signatures, place()).await.expect(200);
    assert_eq!(waiting(&world, &tom, "karim").await, to_sign);
    named_actions_are_possible(&world).await;
    let paper = json!({ "place": "Lyon", "method": "paper", "party": "candidate" });
    tom.sign(&signatures, paper).await.expect(200);
    assert_eq!(waiting(&world, &tom, "karim").await, ending);
    // The day after its last one it is missed, whether the daily job has run or not.
    world.advance_days(11);
    assert_eq!(waiting(&world, &tom, "karim").await, missing);
}

#[tokio::test]
async fn plans_and_sheets_wait_for_the_other_party_until_they_are_agreed() {
    let world = world().await;
    let (claire, tom, samira) = (world.as_("claire"), world.as_("tom"), world.as_("samira"));
    let without = ("booklet_without_contract", "tutor");
    let step = json!({
        "objective": "Finaliser le dossier", "label": "Relire le dossier", "activity": "workshop",
        "grouping": "either", "planned_from": world.day(-9), "planned_to": world.day(-1),
    });
    let steps = world.booklet("samira", "plan-steps");
    let step = tom.post(&steps, step).await.expect(201);
    assert_eq!(
        (&step["overdue"], &step["is_late"]),
        (&json!(true), &json!(false))
    );
    let late = lines(&samira, "overdue=true").await.remove(0);
    assert_eq!(late["kind"], "plan_step");
    assert_eq!(late["label"], "Relire le dossier");
    assert_eq!(
        (&late["action"], &late["overdue"]),
        (&Value::Null, &json!(true))
    );
    let late = lines(&tom, "overdue=true").await.remove(0);
    assert_eq!(late["action"], "update_plan_step");

    let open = ("plan_step", "tutor");
    tom.act(&world.booklet("samira", "plan/propose"))
        .await
        .expect(200);
    let proposed = of(&[without, open, ("plan_to_agree", "candidate")]);
    assert_eq!(waiting(&world, &samira, "samira").await, proposed);
    named_actions_are_possible(&world).await;
    samira
        .act(&world.booklet("samira", "plan/agree"))
        .await
        .expect(200);
    assert_eq!(
        waiting(&world, &samira, "samira").await,
        of(&[without, open])
    );
    let done = json!({ "state": "done" });
    let done = tom
        .patch(&path(&step, "plan-steps"), done)
        .await
        .expect(200);
    assert_eq!(
        (&done["overdue"], &done["is_late"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(waiting(&world, &samira, "samira").await, of(&[without]));

    let at = sheet(&world, &tom, "samira", &world.day(0).to_string()).await;
    let body = json!({ "kind": "document", "label": "CV", "due_on": world.day(-1) });
    let cv = item(&tom, &at, body).await;
    assert_eq!(tom.get(&cv).await.expect(200)["overdue"], true);
    let undated = item(
        &tom,
        &at,
        json!({ "kind": "task", "label": "Lire", "owner": "tutor" }),
    )
    .await;
    let (mine, tutors) = (("sheet_item", "candidate"), ("sheet_item", "tutor"));
    let draft = of(&[without, mine, tutors, ("sheet_to_write", "tutor")]);
    assert_eq!(waiting(&world, &claire, "samira").await, draft);
    named_actions_are_possible(&world).await;
    tom.act(&format!("{at}/submit")).await.expect(200);
    let submitted = of(&[without, mine, tutors, ("sheet_to_validate", "candidate")]);
    assert_eq!(waiting(&world, &tom, "samira").await, submitted);
    named_actions_are_possible(&world).await;
    samira.act(&format!("{at}/validate")).await.expect(200);
    assert_eq!(
        waiting(&world, &tom, "samira").await,
        of(&[without, mine, tutors])
    );
    let kept = samira.get(&at).await.expect(200);
    assert_eq!(
        kept["to_do"][0]["overdue"], false,
        "a locked sheet shows what was"
    );
    let next = sheet(&world, &tom, "samira", &world.day(0).to_string()).await;
    for done in [&cv, &undated] {
        settle(
            &tom,
            done,
            &next,
            json!({ "state": "done", "reason": "Reçu" }),
        )
        .await
        .expect(200);
    }
    let draft = of(&[without, ("sheet_to_write", "tutor")]);
    assert_eq!(waiting(&world, &tom, "samira").await, draft);

    // For a candidate without account the tutor agrees.
    tom.act(&world.booklet("karim", "plan-steps/from-template"))
        .await
        .expect(201);
    tom.act(&world.booklet("karim", "plan/propose"))
        .await
        .expect(200);
    let plan = lines(&tom, "kind=plan_to_agree&waiting_for=me")
        .await
        .remove(0);
    assert_eq!(
        (&plan["booklet_id"], &plan["action"]),
        (&json!(world.booklet_id("karim")), &json!("agree_plan"))
    );
    // Whoever is suspended is asked for nothing.
    let suspend = json!({ "reason": "Congé" });
    tom.post(&world.booklet("karim", "suspend"), suspend)
        .await
        .expect(200);
    assert_eq!(waiting(&world, &tom, "karim").await, of(&[]));
}

#[tokio::test]
async fn silence_and_appointments_without_outcome_are_told() {
    let world = world().await;
    let (claire, tom) = (world.as_("claire"), world.as_("tom"));
    let now = world.clock.now();
    let hours = |hours| json!(now + chrono::TimeDelta::hours(hours));
    let body = json!({ "starts_at": hours(-3), "ends_at": hours(-2), "kind": "interview", "mode": "phone" });
    let appointments = world.booklet("samira", "appointments");
    let made = tom.post(&appointments, body).await.expect(201);
    let line = lines(&claire, "kind=appointment_without_outcome")
        .await
        .remove(0);
    assert_eq!(
        (&line["resource_id"], &line["since"]),
        (&made["id"], &made["ends_at"])
    );
    let there = |zone: chrono_tz::Tz| {
        json!(
            (now - chrono::TimeDelta::hours(3))
                .with_timezone(&zone)
                .date_naive()
        )
    };
    assert_eq!(line["due_on"], there(chrono_tz::Europe::Paris));
    assert_eq!(
        lines(&claire, "kind=appointment_without_outcome&overdue=true")
            .await
            .len(),
        // Right after midnight it was yesterday.
        usize::from(line["due_on"] != json!(world.day(0)))
    );
    // The days are those of the organization.
    let home = format!("/v1/organizations/{}", world.organization_id("horizon"));
    let far = json!({ "timezone": "Pacific/Kiritimati" });
    claire.patch(&home, far).await.expect(200);
    let line = lines(&claire, "kind=appointment_without_outcome")
        .await
        .remove(0);
    assert_eq!(line["due_on"], there(chrono_tz::Pacific::Kiritimati));
    let back = json!({ "timezone": "Europe/Paris" });
    claire.patch(&home, back).await.expect(200);
    let held = json!({ "state": "held" });
    tom.patch(&path(&made, "appointments"), held)
        .await
        .expect(200);
    assert_eq!(
        lines(&claire, "kind=appointment_without_outcome")
            .await
            .len(),
        0
    );

    // A booklet of nadia's, opened 60 days ago, with nobody spoken to since.
    let body = json!({ "candidate_id": world.candidate_id("nadia"), "tutor_id": world.user_id("tom"), "opened_on": world.day(-60) });
    let quiet = claire.post("/v1/booklets", body).await.expect(201);
    let at = path(&quiet, "booklets");
    let silent = async || lines(&claire, "kind=no_contact").await;
    let line = silent().await.remove(0);
    assert_eq!(
        (&line["booklet_id"], &line["resource"]),
        (&quiet["id"], &json!("booklet"))
    );
    assert_eq!(line["due_on"], json!(world.day(-60 + 42)));
    assert_eq!(
        lines(&tom, "kind=no_contact&overdue=true").await[0]["action"],
        "create_follow_up"
    );
    named_actions_are_possible(&world).await;
    claire
        .patch(&home, json!({ "no_contact_weeks": 9 }))
        .await
        .expect(200);
    assert_eq!(silent().await.len(), 0);
    claire
        .patch(&home, json!({ "no_contact_weeks": 6 }))
        .await
        .expect(200);
    let call = json!({ "contacted_on": world.day(-1), "contact_mode": "phone", "comment": "Oui" });
    let call = tom
        .post(&format!("{at}/follow-ups"), call)
        .await
        .expect(201);
    assert_eq!(silent().await.len(), 0);
    let long_ago = json!({ "contacted_on": world.day(-50) });
    tom.patch(&path(&call, "follow-ups"), long_ago)
        .await
        .expect(200);
    assert_eq!(silent().await[0]["due_on"], json!(world.day(-50 + 42)));
    tom.delete(&path(&call, "follow-ups")).await.expect(204);
    assert_eq!(silent().await[0]["due_on"], json!(world.day(-60 + 42)));
    let body = json!({ "starts_at": hours(-24), "ends_at": hours(-23), "kind": "interview", "mode": "phone", "state": "held" });
    let met = tom
        .post(&format!("{at}/appointments"), body)
        .await
        .expect(201);
    assert_eq!(silent().await.len(), 0);
    tom.delete(&path(&met, "appointments")).await.expect(204);
    assert_eq!(silent().await.len(), 1);
}
