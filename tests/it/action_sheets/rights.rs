//! Who may do what with sheets, and at which version.

use super::*;

#[tokio::test]
async fn an_observer_reads_a_substitute_writes_and_submits() {
    let world = world().await;
    let (tom, tina, claire) = (world.as_("tom"), world.as_("tina"), world.as_("claire"));
    let path = world.booklet("samira", "action-sheets");
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    let task = || json!({ "kind": "task", "label": "Appeler le CEP" });
    let asked = item(&tom, &sheet, task()).await;
    let member = json!({ "user_id": world.user_id("tina"), "kind": "observer" });
    let member = claire
        .post(&world.booklet("samira", "members"), member)
        .await
        .expect(201);
    let member = format!("/v1/booklet-members/{}", member["id"].as_str().unwrap());
    tina.get(&sheet).await.expect(200);
    tina.get(&asked).await.expect(200);
    let day = || json!({ "appointment_on": "2026-11-26" });
    tina.post(&path, day()).await.refused(404, "not_found");
    tina.patch(&sheet, day()).await.refused(404, "not_found");
    tina.post(&format!("{sheet}/items"), task())
        .await
        .refused(404, "not_found");
    tina.patch(&asked, json!({ "label": "x" }))
        .await
        .refused(404, "not_found");
    let dropped = || json!({ "state": "dropped", "reason": "Non" });
    settle(&tina, &asked, &sheet, dropped())
        .await
        .refused(404, "not_found");
    tina.act(&format!("{sheet}/submit"))
        .await
        .refused(404, "not_found");
    claire
        .patch(&member, json!({ "kind": "substitute" }))
        .await
        .expect(200);
    tina.patch(&sheet, day()).await.expect(200);
    item(&tina, &sheet, task()).await;
    settle(&tina, &asked, &sheet, dropped()).await.expect(200);
    let submitted = tina.act(&format!("{sheet}/submit")).await.expect(200);
    assert_eq!(submitted["submitted_by"], "tutor");
    tom.act(&format!("{sheet}/validate"))
        .await
        .refused(409, "own_proposal");
}

#[tokio::test]
async fn the_candidate_reads_sheets_and_writes_none() {
    let world = world().await;
    let (tom, samira) = (world.as_("tom"), world.as_("samira"));
    let path = world.booklet("samira", "action-sheets");
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    samira.get(&sheet).await.expect(200);
    let day = || json!({ "appointment_on": "2026-11-26" });
    // A coordinator writes where she tutors.
    for (reader, status, code) in [("samira", 403, "forbidden"), ("claire", 404, "not_found")] {
        let reader = world.as_(reader);
        reader.get(&path).await.expect(200);
        reader.post(&path, day()).await.refused(status, code);
        reader.patch(&sheet, day()).await.refused(status, code);
    }
    world
        .as_("claire")
        .act(&format!("{sheet}/submit"))
        .await
        .refused(404, "not_found");
    for stranger in ["nadia", "tina", "remi", "rita"] {
        let stranger = world.as_(stranger);
        stranger.get(&path).await.refused(404, "not_found");
        stranger.get(&sheet).await.refused(404, "not_found");
        stranger
            .act(&format!("{sheet}/submit"))
            .await
            .refused(404, "not_found");
    }
    for role in ["paul", "vera", "crm", "ada"] {
        world.as_(role).get(&sheet).await.refused(403, "forbidden");
    }
    world
        .anonymous()
        .get(&sheet)
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_change_of_a_sheet_needs_the_version_that_was_read_items_included() {
    let world = world().await;
    let tom = world.as_("tom");
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    item(
        &tom,
        &sheet,
        json!({ "kind": "task", "label": "Appeler le CEP" }),
    )
    .await;
    let patch = |headers| {
        tom.send(
            Method::PATCH,
            &sheet,
            Some(json!({ "summary": "x" })),
            headers,
        )
    };
    patch(&[]).await.refused(428, "precondition_required");
    patch(&[("if-match", "\"1\"")]).await.refused(412, "stale");
    patch(&[("if-match", "\"2\"")]).await.expect(200);
    let submit = format!("{sheet}/submit");
    let stale = [("if-match", "\"2\"")];
    tom.send(Method::POST, &submit, None, &stale)
        .await
        .refused(412, "stale");
    let fresh = [("if-match", "\"3\"")];
    tom.send(Method::POST, &submit, None, &fresh)
        .await
        .expect(200);
}

#[tokio::test]
async fn sheets_of_a_closed_booklet_no_longer_change() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let path = world.booklet("samira", "action-sheets");
    let sheet = sheet(&world, &tom, "samira", "2026-11-12").await;
    let asked = item(
        &tom,
        &sheet,
        json!({ "kind": "task", "label": "Appeler le CEP" }),
    )
    .await;
    let withdraw = world.booklet("samira", "withdraw");
    claire
        .post(&withdraw, json!({ "reason": "Déménagement" }))
        .await
        .expect(200);
    let day = || json!({ "appointment_on": "2026-11-26" });
    tom.post(&path, day()).await.refused(409, "booklet_closed");
    tom.patch(&sheet, day())
        .await
        .refused(409, "booklet_closed");
    tom.act(&format!("{sheet}/submit"))
        .await
        .refused(409, "booklet_closed");
    tom.patch(&asked, json!({ "label": "x" }))
        .await
        .refused(409, "booklet_closed");
    tom.get(&sheet).await.expect(200);
}

#[tokio::test]
async fn a_page_of_sheets_with_their_items_costs_two_round_trips() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = world.booklet("samira", "action-sheets");
    let mut last = String::new();
    for _ in 0..20 {
        last = sheet(&world, &tom, "samira", "2026-11-12").await;
        let task = json!({ "kind": "task", "label": "Appeler le CEP" });
        let asked = item(&tom, &last, task).await;
        tom.get(&asked).await.expect(200);
    }
    for path in [path, last, world.booklet("karim", "action-sheets")] {
        let mut spent = u64::MAX;
        // Who reads is looked up beforehand every few seconds.
        for _ in 0..3 {
            let before = world.state.db.statements();
            tom.get(&path).await.expect(200);
            spent = spent.min(world.state.db.statements() - before);
        }
        assert!(spent <= 2, "{path} costs {spent} round trips");
    }
}
