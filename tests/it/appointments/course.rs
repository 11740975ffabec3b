//! Made, moved, held, cancelled, deleted: what becomes of it, and when it stays.

use super::*;

#[tokio::test]
async fn a_tutor_makes_moves_and_deletes_an_appointment() {
    let world = world().await;
    let tom = world.as_("tom");
    let created = tom
        .post(&world.booklet("samira", "appointments"), rendez_vous())
        .await;
    let location = created.header("location").unwrap().to_owned();
    let created = created.expect(201);
    assert_eq!(created["starts_at"], "2026-11-03T08:00:00Z");
    assert_eq!(created["timezone"], "Europe/Paris");
    assert_eq!(created["state"], "planned");
    assert_eq!(created["sequence"], 0);
    for reader in ["samira", "claire", "crm"] {
        assert_eq!(world.as_(reader).get(&location).await.expect(200), created);
    }
    let moved = tom
        .patch(&location, json!({ "ends_at": "2026-11-03T11:00:00+01:00" }))
        .await
        .expect(200);
    assert_eq!(
        (&moved["sequence"], &moved["version"]),
        (&json!(1), &json!(2))
    );
    tom.delete(&location).await.expect(204);
    tom.get(&location).await.refused(404, "not_found");
}

#[tokio::test]
async fn the_sequence_rises_when_calendars_must_hear_of_it() {
    let world = world().await;
    let tom = world.as_("tom");
    let path = item(&make(&world).await);
    for (change, sequence) in [
        (json!({ "kind": "workshop" }), 0),
        (json!({ "starts_at": "2026-11-03T08:00:00Z" }), 0),
        (json!({ "starts_at": "2026-11-03T09:15:00+01:00" }), 1),
        (json!({ "place": null }), 2),
        (json!({ "mode": "video" }), 3),
        (json!({ "timezone": "Indian/Reunion" }), 4),
        (json!({ "state": "cancelled" }), 5),
        (json!({ "state": "planned", "mode": "phone" }), 6),
        (json!({ "state": "held" }), 6),
    ] {
        let changed = tom.patch(&path, change.clone()).await.expect(200);
        assert_eq!(changed["sequence"], sequence, "{change}");
    }
}

#[tokio::test]
async fn what_came_of_an_appointment_is_said_from_its_day_on_and_may_be_corrected() {
    let world = world().await;
    let (tom, claire) = (world.as_("tom"), world.as_("claire"));
    let path = item(&make(&world).await);
    for state in ["held", "no_show", "planned", "cancelled", "held", "excused"] {
        let changed = tom.patch(&path, json!({ "state": state })).await;
        assert_eq!(changed.expect(200)["state"], state);
    }
    let held = claire.patch(&path, json!({ "state": "held" })).await;
    held.expect(200);

    // In six weeks; and on the day that has not begun where it takes place.
    let not_yet = [("/state".to_owned(), "not_yet".to_owned())];
    let in_six_weeks = format!("{}T09:00:00Z", world.day(42));
    let end = format!("{}T10:00:00Z", world.day(42));
    let times = json!({ "starts_at": in_six_weeks, "ends_at": end });
    assert_eq!(tom.patch(&path, times.clone()).await.faults(), not_yet);
    let mut planned = times;
    planned["state"] = json!("planned");
    tom.patch(&path, planned).await.expect(200);
    for state in ["held", "no_show"] {
        let early = tom.patch(&path, json!({ "state": state })).await;
        assert_eq!(early.faults(), not_yet);
    }
    tom.patch(&path, json!({ "state": "excused" }))
        .await
        .expect(200);
}

#[tokio::test]
async fn a_booklet_that_ends_cancels_what_is_planned() {
    for (ends, body) in [
        ("withdraw", json!({ "reason": "Un emploi" })),
        ("close", json!({ "outcome": "full" })),
    ] {
        let world = world().await;
        let claire = world.as_("claire");
        let (planned, held) = (make(&world).await, make(&world).await);
        let tom = world.as_("tom");
        tom.patch(&item(&held), json!({ "state": "held" }))
            .await
            .expect(200);
        claire
            .post(&world.booklet("samira", ends), body)
            .await
            .expect(200);
        let cancelled = tom.get(&item(&planned)).await.expect(200);
        assert_eq!(
            (&cancelled["state"], &cancelled["sequence"]),
            (&json!("cancelled"), &json!(1))
        );
        assert_eq!(tom.get(&item(&held)).await.expect(200)["state"], "held");
        let trail = claire
            .get(&world.booklet("samira", "audit"))
            .await
            .expect(200);
        let is_told = |event: &Value| {
            event["resource_id"] == planned["id"] && event["type"] == "appointment.updated"
        };
        assert!(
            trail["items"].as_array().unwrap().iter().any(is_told),
            "{trail:#}"
        );
        let reopen = world.booklet("samira", "reopen");
        claire
            .post(&reopen, json!({ "reason": "Erreur" }))
            .await
            .expect(200);
        assert_eq!(
            tom.get(&item(&planned)).await.expect(200)["state"],
            "cancelled"
        );
    }
}

#[tokio::test]
async fn an_appointment_has_one_sheet_of_its_own_day_where_it_takes_place() {
    let world = world().await;
    let tom = world.as_("tom");
    let mut body = rendez_vous();
    // The 6th has begun there.
    body["starts_at"] = json!("2026-11-05T21:00:00Z");
    body["ends_at"] = json!("2026-11-05T22:00:00Z");
    body["timezone"] = json!("Indian/Reunion");
    let appointments = world.booklet("samira", "appointments");
    let made = tom.post(&appointments, body).await.expect(201);
    let sheets = world.booklet("samira", "action-sheets");
    let on = |day: &str| json!({ "appointment_on": day, "appointment_id": made["id"] });
    let fault = |at: &str, code: &str| [(at.to_owned(), code.to_owned())];
    let other = tom.post(&sheets, on("2026-11-05")).await;
    assert_eq!(other.faults(), fault("/appointment_on", "other_day"));
    let sheet = tom.post(&sheets, on("2026-11-06")).await.expect(201);
    let second = tom.post(&sheets, on("2026-11-06")).await;
    assert_eq!(second.faults(), fault("/appointment_id", "taken"));
    let path = format!("/v1/action-sheets/{}", sheet["id"].as_str().unwrap());
    let moved = tom
        .patch(&path, json!({ "appointment_on": "2026-11-07" }))
        .await;
    assert_eq!(moved.faults(), fault("/appointment_on", "other_day"));

    // A draft goes with its appointment; what was submitted stays.
    let later = json!({ "starts_at": "2026-11-08T09:00:00Z", "ends_at": "2026-11-08T10:00:00Z" });
    tom.patch(&item(&made), later).await.expect(200);
    assert_eq!(
        tom.get(&path).await.expect(200)["appointment_on"],
        "2026-11-08"
    );
    tom.act(&format!("{path}/submit")).await.expect(200);
    let later = json!({ "ends_at": "2026-11-09T10:00:00Z", "starts_at": "2026-11-09T09:00:00Z" });
    tom.patch(&item(&made), later)
        .await
        .refused(409, "sheet_frozen");
    let same_day = json!({ "ends_at": "2026-11-08T11:00:00Z" });
    tom.patch(&item(&made), same_day).await.expect(200);
}

#[tokio::test]
async fn an_appointment_that_a_sheet_is_about_stays() {
    let world = world().await;
    let made = make(&world).await;
    let id = made["id"].as_str().unwrap().parse().unwrap();
    rows::action_sheet(&world, "samira", "horizon", id).await;
    let tom = world.as_("tom");
    tom.delete(&item(&made)).await.refused(409, "in_use");
}

#[tokio::test]
async fn the_appointments_of_a_closed_booklet_stay_as_they_are() {
    let world = world().await;
    let tom = world.as_("tom");
    let made = make(&world).await;
    rows::close_booklet(&world, "samira").await;
    tom.post(&world.booklet("samira", "appointments"), rendez_vous())
        .await
        .refused(409, "booklet_closed");
    tom.patch(&item(&made), json!({ "state": "held" }))
        .await
        .refused(409, "booklet_closed");
    tom.delete(&item(&made))
        .await
        .refused(409, "booklet_closed");
}
